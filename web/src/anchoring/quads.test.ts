import { describe, expect, it } from 'vitest';
import { inQuad, isUpright, lineQuads, quadBounds, quadOf } from './quads';
import type { Rect } from './words';

const box: Rect = [10, 20, 50, 32];

describe('quadOf', () => {
  it('goes from the top left of the text as it reads', () => {
    expect(quadOf(box)).toEqual([10, 32, 50, 32, 10, 20, 50, 20]);
    // Turned by a quarter clockwise, what is at the bottom left of the page is seen at the top left.
    expect(quadOf(box, 90)).toEqual([10, 20, 10, 32, 50, 20, 50, 32]);
    expect(quadOf(box, 180)).toEqual([50, 20, 10, 20, 50, 32, 10, 32]);
    expect(quadOf(box, 270)).toEqual([50, 32, 50, 20, 10, 32, 10, 20]);
  });

  it('covers its box at every rotation', () => {
    for (const rotation of [-90, 0, 90, 180, 270, 360]) {
      const quad = quadOf(box, rotation);
      expect(quadBounds(quad)).toEqual(box);
      expect(isUpright(quad)).toBe(true);
      expect(inQuad(quad, 30, 25)).toBe(true);
      expect(inQuad(quad, 9, 25)).toBe(false);
      expect(inQuad(quad, 9, 25, 2)).toBe(true);
    }
  });
});

describe('lineQuads', () => {
  it('gives one for each line', () => {
    const words = [
      { start: 0, end: 3, boxes: [[10, 20, 30, 30] as Rect] },
      { start: 4, end: 9, boxes: [[33, 20, 50, 30], [10, 6, 20, 16]] as Rect[] },
    ];
    expect(lineQuads(words).map(quadBounds)).toEqual([
      [10, 20, 50, 30],
      [10, 6, 20, 16],
    ]);
  });
});
