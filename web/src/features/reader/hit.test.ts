import { describe, expect, it } from 'vitest';
import { quadBounds } from '../../anchoring/quads';
import type { PageText } from '../../lib/api';
import { marksOfHit } from './hit';

// "Aa bb. Cc dd ee. Ff" on one line of 10 points, each word 10 wide with 5 between.
const text = 'Aa bb. Cc dd ee. Ff';
const page = {
  number: 3,
  label: '3',
  box: [0, 0, 612, 792],
  rotation: 0,
  text,
  words: Array.from(text.matchAll(/\S+/g)).map((match, i) => ({
    start: match.index,
    end: match.index + match[0].length,
    boxes: [[15 * i, 700, 15 * i + 10, 710]],
  })),
} as PageText;

describe('marksOfHit', () => {
  it('marks the words and, beside them, their sentence', () => {
    const { marks, at } = marksOfHit(page, { start: 10, end: 12 });
    expect(marks).toEqual([
      {
        id: 'passage',
        page: 3,
        shape: 'passage',
        tone: 'passage',
        label: '',
        quads: [
          [30, 710, 40, 710, 30, 700, 40, 700],
          [60, 710, 70, 710, 60, 700, 70, 700],
        ],
      },
      { id: 'hit', page: 3, shape: 'hit', tone: 'hit', label: '', quads: [[45, 710, 55, 710, 45, 700, 55, 700]] },
    ]);
    expect(at).toEqual({ x: 50, y: 705 });
  });

  it('marks words that were hit in part as a whole, and once', () => {
    const { marks } = marksOfHit(page, { start: 8, end: 11 });
    expect(marks.map((mark) => mark.quads.map(quadBounds))).toEqual([
      [[60, 700, 70, 710]],
      [[30, 700, 55, 710]],
    ]);
  });

  it('has no marks where no word stands', () => {
    expect(marksOfHit(page, { start: 90, end: 99 })).toEqual({ marks: [], at: undefined });
  });
});
