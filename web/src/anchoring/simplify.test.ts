import { describe, expect, it } from 'vitest';
import { random } from './random.testing';
import { simplify } from './simplify';

const points = (path: readonly number[]) => Array.from({ length: path.length / 2 }, (_, i) => [path[2 * i]!, path[2 * i + 1]!] as const);

function away([x, y]: readonly [number, number], line: readonly (readonly [number, number])[]): number {
  let least = Infinity;
  for (let i = 0; i + 1 < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i]!, line[i + 1]!];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
    least = Math.min(least, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
  }
  return least;
}

describe('simplify', () => {
  it('keeps both ends, adds no point, and leaves every point near the line', () => {
    const next = random(17);
    for (let round = 0; round < 100; round++) {
      const path: number[] = [];
      let [x, y] = [100, 100];
      for (let i = 0; i < 2 + next(120); i++) {
        x += next(100) / 25;
        y += next(100) / 25 - 2;
        path.push(x, y);
      }
      const less = simplify(path, 0.25);
      expect(less.length).toBeLessThanOrEqual(path.length);
      expect(less.slice(0, 2)).toEqual(path.slice(0, 2));
      expect(less.slice(-2)).toEqual(path.slice(-2));
      const line = points(less);
      for (const point of points(path)) expect(away(point, line)).toBeLessThanOrEqual(0.25 + 1e-9);
    }
  });

  it('makes two points of a straight line, and leaves a dot', () => {
    expect(simplify([0, 0, 1, 1, 2, 2, 9, 9], 0.1)).toEqual([0, 0, 9, 9]);
    expect(simplify([4, 5], 0.1)).toEqual([4, 5]);
  });
});
