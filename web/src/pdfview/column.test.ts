import { describe, expect, it } from 'vitest';
import { columnOf, type Piece } from './column';

const lines = (count: number, left: number, right: number, characters = 60): Piece[] =>
  Array.from({ length: count }, () => ({ left, right, characters }));

describe('columnOf', () => {
  it('leaves the margin, the header and a line that sticks out aside', () => {
    const pieces = [...lines(2, 0.07, 0.9), ...lines(40, 0.281, 0.92), ...lines(8, 0.05, 0.22, 20), ...lines(1, 0.3, 0.99)];
    expect(columnOf(pieces)).toEqual({ left: 0.281, right: 0.92 });
  });

  it('takes two columns together', () => {
    expect(columnOf([...lines(40, 0.08, 0.48), ...lines(40, 0.52, 0.92)])).toEqual({ left: 0.08, right: 0.92 });
  });

  it('says nothing of a page with little text, of scattered text and of a narrow list', () => {
    expect(columnOf(lines(3, 0.1, 0.9))).toBeUndefined();
    expect(columnOf(Array.from({ length: 50 }, (_, i) => ({ left: i / 50, right: 1, characters: 20 })))).toBeUndefined();
    expect(columnOf(lines(40, 0.1, 0.3))).toBeUndefined();
  });
});
