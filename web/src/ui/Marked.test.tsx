import { describe, expect, it } from 'vitest';
import { markedPieces } from './Marked';

const marked = (text: string, ranges: number[][]) =>
  markedPieces(text, ranges)
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join('');

describe('marking the hits of a passage', () => {
  it('counts code points, not UTF-16 units', () => {
    expect(marked('𝛼𝛽 live coding', [[3, 7]])).toBe('𝛼𝛽 [live] coding');
  });

  it('takes several ranges in any order', () => {
    expect(marked('a b c', [[4, 5], [0, 1]])).toBe('[a] b [c]');
  });

  it('makes one mark of the words of a phrase', () => {
    expect(marked('a live-coding and live coding', [[2, 6], [7, 13], [18, 22], [23, 29]])).toBe('a [live-coding] and [live coding]');
  });

  it('loses nothing on ranges that overlap or go past the end', () => {
    expect(marked('abcdef', [[0, 3], [2, 4], [5, 99]])).toBe('[abcd]e[f]');
  });

  it('leaves a text without hits whole', () => {
    expect(marked('abc', [])).toBe('abc');
  });
});
