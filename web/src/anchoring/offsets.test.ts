import { describe, expect, it } from 'vitest';
import { codePointOffset, utf16Offset } from './offsets';
import { random } from './random.testing';

describe('offsets', () => {
  it('are the same in plain text', () => {
    expect(utf16Offset('naïve', 3)).toBe(3);
    expect(codePointOffset('naïve', 3)).toBe(3);
  });

  it('part after a character outside the basic plane', () => {
    const text = 'let 𝑥 be';
    expect(utf16Offset(text, 5)).toBe(6);
    expect(codePointOffset(text, 6)).toBe(5);
  });

  it('stay inside the text', () => {
    expect(utf16Offset('𝑥', 9)).toBe(2);
    expect(utf16Offset('𝑥', -1)).toBe(0);
    expect(codePointOffset('𝑥', 9)).toBe(1);
    expect(codePointOffset('𝑥', -1)).toBe(0);
    expect(utf16Offset('', 3)).toBe(0);
  });

  it('count a pair that was cut in two as begun', () => {
    expect(codePointOffset('a𝑥b', 2)).toBe(2);
  });

  it('agree with splitting the text, and undo each other', () => {
    const next = random(7);
    const alphabet = ['a', ' ', 'é', 'e\u0301', '\n', '𝑥', '😀', '漢', '\ud800'];
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: next(30) }, () => alphabet[next(alphabet.length)]).join('');
      const points = Array.from(text);
      for (let n = 0; n <= points.length; n++) {
        const units = utf16Offset(text, n);
        expect(units).toBe(points.slice(0, n).join('').length);
        expect(codePointOffset(text, units)).toBe(n);
      }
    }
  });
});
