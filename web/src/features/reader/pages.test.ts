import { describe, expect, it } from 'vitest';
import { parsePages } from './pageRange';
import { differ, pageNamed } from './usePageLabels';

describe('pages to print', () => {
  it.each([
    ['3', [3]],
    ['1-3, 7', [1, 2, 3, 7]],
    ['7,1–2,2', [1, 2, 7]],
    ['', undefined],
    ['0', undefined],
    ['4-2', undefined],
    ['2-11', undefined],
    ['a', undefined],
  ])('%j', (text, pages) => expect(parsePages(text, 10)).toEqual(pages));
});

describe('a page as it is called', () => {
  const labels = ['i', 'ii', '1', '2', ''];
  it.each([
    ['ii', 2],
    ['II', 2],
    ['1', 3],
    ['5', 5],
    ['99', 5],
    ['x', undefined],
    ['', undefined],
  ])('%j', (text, page) => expect(pageNamed(text, labels, 5)).toBe(page));

  it('is its number where the file says no more', () => {
    expect(differ(['1', '2', ''])).toBe(false);
    expect(differ(labels)).toBe(true);
  });
});
