import { describe, expect, it } from 'vitest';
import { random } from '../anchoring/random.testing';
import { beside } from './popupPlace';

const area = { left: 100, top: 50, right: 1100, bottom: 850 };
const popup = { width: 380, height: 44 };
const box = (left: number, top: number, width: number, height: number) => ({ left, top, right: left + width, bottom: top + height });

describe('the popup of a selection', () => {
  it('stands 4 px above it', () => {
    expect(beside(box(400, 300, 200, 20), popup, area)).toEqual({ x: 310, y: 252 });
  });

  it('stands below where there is no room above', () => {
    expect(beside(box(400, 60, 200, 20), popup, area)).toEqual({ x: 310, y: 84 });
  });

  it('stands below it where that is asked for, and there is room', () => {
    expect(beside(box(400, 300, 200, 20), popup, area, 'below')).toEqual({ x: 310, y: 324 });
    expect(beside(box(400, 800, 200, 20), popup, area, 'below')).toEqual({ x: 310, y: 752 });
  });

  it('never covers it where there is room on either side, and never leaves the area', () => {
    const next = random(7);
    for (let i = 0; i < 500; i++) {
      const selected = box(100 + next(1000), 50 + next(750), next(400), 10 + next(500));
      const { x, y } = beside(selected, popup, area);
      expect(x).toBeGreaterThanOrEqual(area.left);
      expect(x + popup.width).toBeLessThanOrEqual(area.right);
      const room = selected.top - area.top >= 60 || area.bottom - selected.bottom >= 60;
      if (room) expect(y + popup.height <= selected.top || y >= selected.bottom).toBe(true);
    }
  });
});
