import { describe, expect, it } from 'vitest';
import { paragraphsOf } from './paragraphs';

const drawn = (text: string, ranges: number[][], hit: [number, number]) =>
  paragraphsOf(text, ranges, hit).map((pieces) => pieces.map((p) => (p.kind === 'hit' ? `[${p.text}]` : p.text)).join(''));

describe("a page's text with a hit", () => {
  it('marks each matched word, paragraph by paragraph', () => {
    expect(drawn('one two\nthree four', [[4, 7], [8, 13]], [4, 13])).toEqual(['one [two]', '[three] four']);
  });

  it('leaves words of other hits alone', () => {
    expect(drawn('one two one', [[0, 3], [8, 11]], [8, 11])).toEqual(['one two [one]']);
  });

  it('makes one mark of a phrase', () => {
    expect(drawn('a live-coding b', [[2, 6], [7, 13]], [2, 13])).toEqual(['a [live-coding] b']);
  });

  it('counts code points', () => {
    expect(drawn('𝛼 hit', [[2, 5]], [2, 5])).toEqual(['𝛼 [hit]']);
  });
});
