import { describe, expect, it } from 'vitest';
import { percentBox } from './marks';

/** A page of 600 × 800 points shown at scale 1, cropped by 10 points at the left and below. */
const viewport = (rotation: 0 | 90 | 180 | 270) => {
  const [width, height] = rotation % 180 === 0 ? [600, 800] : [800, 600];
  return {
    width,
    height,
    convertToViewportPoint: (x: number, y: number): [number, number] => {
      const [px, py] = [x - 10, y - 10];
      switch (rotation) {
        case 0:
          return [px, 800 - py];
        case 90:
          return [py, px];
        case 180:
          return [600 - px, py];
        case 270:
          return [800 - py, 600 - px];
      }
    },
  };
};

describe('percentBox', () => {
  it('measures from the top left of the page as shown', () => {
    // The upper left tenth of the page.
    expect(percentBox(viewport(0), [10, 730, 70, 810])).toEqual({ left: 0, top: 0, width: 10, height: 10 });
  });

  it('turns with the page', () => {
    expect(percentBox(viewport(90), [10, 730, 70, 810])).toEqual({ left: 90, top: 0, width: 10, height: 10 });
    expect(percentBox(viewport(180), [10, 730, 70, 810])).toEqual({ left: 90, top: 90, width: 10, height: 10 });
    expect(percentBox(viewport(270), [10, 730, 70, 810])).toEqual({ left: 0, top: 90, width: 10, height: 10 });
  });
});
