/** A drawn line with fewer points. */

/**
 * The line x, y, x, y … without the points that lie within `most` of the line that
 * is left (Ramer, Douglas and Peucker). The ends stay.
 */
export function simplify(path: readonly number[], most: number): number[] {
  const count = path.length >> 1;
  if (count < 3) return path.slice(0, 2 * count);
  const keep = new Uint8Array(count);
  keep[0] = 1;
  keep[count - 1] = 1;
  const open: [number, number][] = [[0, count - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let farthest = -1;
    let distance = most;
    for (let i = from + 1; i < to; i++) {
      const away = toLine(path, i, from, to);
      if (away > distance) {
        distance = away;
        farthest = i;
      }
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    open.push([from, farthest], [farthest, to]);
  }
  const kept: number[] = [];
  for (let i = 0; i < count; i++) if (keep[i]) kept.push(path[2 * i]!, path[2 * i + 1]!);
  return kept;
}

/** The distance of point `i` from the line between points `from` and `to`. */
function toLine(path: readonly number[], i: number, from: number, to: number): number {
  const [x, y, ax, ay, bx, by] = [i, from, to].flatMap((n) => [path[2 * n]!, path[2 * n + 1]!]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}
