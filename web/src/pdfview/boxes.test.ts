import { describe, expect, it } from 'vitest';
import type { Rect } from '../anchoring/words';
import { boxAt, boxBetween, moveBox, pdfBox, resizeBox } from './boxes';
import { shownBox } from './pages';
import { testViewport } from './viewport.testing';

const rotations = [0, 90, 180, 270] as const;
const near = (a: Rect, b: Rect) => a.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 6));

describe.each(rotations)('boxes on a page turned by %i', (rotation) => {
  const page = testViewport(rotation, 1.5);

  it('come back from where they are shown', () => {
    near(pdfBox(page, shownBox(page, [100, 200, 250, 240])), [100, 200, 250, 240]);
  });

  it('move to the right and down as shown', () => {
    const before = shownBox(page, [100, 200, 250, 240]);
    const after = shownBox(page, moveBox(page, [100, 200, 250, 240], 10, 20));
    near(after, [before[0] + 15, before[1] + 30, before[2] + 15, before[3] + 30]);
  });

  it('stay on the page with their size', () => {
    for (const [right, down] of [
      [9999, 0],
      [-9999, 0],
      [0, 9999],
      [-9999, -9999],
    ] as const) {
      const [x0, y0, x1, y1] = moveBox(page, [100, 200, 250, 240], right, down);
      expect(x0).toBeGreaterThanOrEqual(10 - 1e-6);
      expect(y0).toBeGreaterThanOrEqual(10 - 1e-6);
      expect(x1).toBeLessThanOrEqual(610 + 1e-6);
      expect(y1).toBeLessThanOrEqual(810 + 1e-6);
      expect(x1 - x0).toBeCloseTo(150);
      expect(y1 - y0).toBeCloseTo(40);
    }
  });

  it('are resized by the edge that is shown there', () => {
    const before = shownBox(page, [100, 200, 250, 240]);
    const after = shownBox(page, resizeBox(page, [100, 200, 250, 240], { right: true, bottom: true }, 8, 4, 3));
    near(after, [before[0], before[1], before[2] + 12, before[3] + 6]);
    const least = shownBox(page, resizeBox(page, [100, 200, 250, 240], { left: true, top: true }, 999, 999, 3));
    expect(least[2] - least[0]).toBeCloseTo(4.5);
    expect(least[3] - least[1]).toBeCloseTo(4.5);
  });

  it('are cut off at the edge when drawn beyond it', () => {
    near(boxBetween(page, { page: 1, x: -50, y: 400 }, { page: 1, x: 300, y: 9000 }), [10, 400, 300, 810]);
  });

  it('are put around a point', () => {
    const [x0, y0, x1, y1] = boxAt(page, { x: 300, y: 400 }, 18, 18, 'middle');
    near([x0, y0, x1, y1], [291, 391, 309, 409]);
    const corner = shownBox(page, boxAt(page, { x: 300, y: 400 }, 100, 30, 'corner'));
    const [x, y] = page.convertToViewportPoint(300, 400) as [number, number];
    near(corner, [x, y, x + 150, y + 45]);
  });
});
