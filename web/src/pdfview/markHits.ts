/** Which marks are under a point. */
import { inQuad } from '../anchoring/quads';
import { markBounds } from './shapes';
import type { ViewMark } from './types';

/** The marks at a point of their page, the smallest first: one under another can still be reached. */
export function marksAt<M extends ViewMark>(marks: readonly M[], x: number, y: number, slack: number): M[] {
  return marks
    .filter((mark) => isAt(mark, x, y, slack))
    .map((mark, i) => ({ mark, i, size: markSize(mark) }))
    .sort((a, b) => a.size - b.size || b.i - a.i)
    .map(({ mark }) => mark);
}

function isAt({ quads, rect, paths }: ViewMark, x: number, y: number, slack: number): boolean {
  if (quads.some((quad) => inQuad(quad, x, y, slack / 2))) return true;
  if (rect && x >= rect[0] - slack && x <= rect[2] + slack && y >= rect[1] - slack && y <= rect[3] + slack) return true;
  return (paths ?? []).some((path) => nearPath(path, x, y, slack + 1));
}

function nearPath(path: readonly number[], x: number, y: number, most: number): boolean {
  if (path.length === 2) return Math.hypot(path[0]! - x, path[1]! - y) <= most;
  for (let i = 0; i + 3 < path.length; i += 2) {
    if (toSegment(x, y, path[i]!, path[i + 1]!, path[i + 2]!, path[i + 3]!) <= most) return true;
  }
  return false;
}

/** The distance of a point from a line between two others. */
export function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}

/** What a mark covers, in square points; a line of ink counts as its box. */
export function markSize(mark: Pick<ViewMark, 'quads' | 'rect' | 'paths'>): number {
  if (mark.quads.length > 0) {
    let sum = 0;
    for (const quad of mark.quads) {
      const [x0, y0, x1, y1] = markBounds({ quads: [quad] })!;
      sum += (x1 - x0) * (y1 - y0);
    }
    return sum;
  }
  const box = markBounds(mark);
  return box ? (box[2] - box[0]) * (box[3] - box[1]) : 0;
}
