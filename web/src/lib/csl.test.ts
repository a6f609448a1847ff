import { expect, test } from 'vitest';
import { plainCsl } from './csl';

test('the elements of CSL-JSON are left out, and nothing else', () => {
  expect(plainCsl('<i>Homo</i> in <span class="nocase">DNA</span>, CO<sub>2</sub> and <span style="font-variant:small-caps;">x</span>')).toBe(
    'Homo in DNA, CO2 and x',
  );
  expect(plainCsl('a < b and <script>alert(1)</script> > c')).toBe('a < b and <script>alert(1)</script> > c');
});
