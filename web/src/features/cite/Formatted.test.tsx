import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Formatted } from './Formatted';

test('a citation has its elements, and nothing else of a page', () => {
  const { container } = render(
    <Formatted html='Ada, <i>On <b>it</b></i><script>alert(1)</script><img src=x onerror=alert(1)> <a href="javascript:alert(1)">x</a> <a href="https://doi.org/1">y</a>' />,
  );
  expect(container.innerHTML).toBe(
    'Ada, <i>On <b>it</b></i>alert(1) x <a href="https://doi.org/1" target="_blank" rel="noopener noreferrer">y</a>',
  );
});
