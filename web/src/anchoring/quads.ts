/**
 * Quads: places of text on a page as PDF's own marks have them (ISO 32000-2,
 * 12.5.6.10), in PDF points of the page's default user space.
 */
import { lineBoxes, type PageWord, type Rect } from './words';

/**
 * Four corners in the order that readers of PDF use (the standard's text says
 * another, which none of them follows): top left, top right, bottom left, bottom
 * right of the text as it reads.
 */
export type Quad = readonly [
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  x3: number,
  y3: number,
  x4: number,
  y4: number,
];

/** The quad of a box whose text reads upright once the page is turned by `rotation` degrees clockwise. */
export function quadOf([x0, y0, x1, y1]: Rect, rotation = 0): Quad {
  switch (((rotation % 360) + 360) % 360) {
    case 90:
      return [x0, y0, x0, y1, x1, y0, x1, y1];
    case 180:
      return [x1, y0, x0, y0, x1, y1, x0, y1];
    case 270:
      return [x1, y1, x1, y0, x0, y1, x0, y0];
    default:
      return [x0, y1, x1, y1, x0, y0, x1, y0];
  }
}

/** The upright box around a quad. */
export function quadBounds([ax, ay, bx, by, cx, cy, dx, dy]: Quad): Rect {
  return [Math.min(ax, bx, cx, dx), Math.min(ay, by, cy, dy), Math.max(ax, bx, cx, dx), Math.max(ay, by, cy, dy)];
}

/** One quad for each line that the words stand on, in reading order. */
export function lineQuads(words: readonly PageWord[], rotation = 0): Quad[] {
  return lineBoxes(words, rotation).map((box) => quadOf(box, rotation));
}

/** Whether a point lies in a quad, `slack` points around it counted in. */
export function inQuad(quad: Quad, x: number, y: number, slack = 0): boolean {
  const [x0, y0, x1, y1] = quadBounds(quad);
  if (x < x0 - slack || x > x1 + slack || y < y0 - slack || y > y1 + slack) return false;
  if (isUpright(quad)) return true;
  // The corners round the quad; inside is the same side of all four edges.
  const [ax, ay, bx, by, cx, cy, dx, dy] = quad;
  const corners: [number, number][] = [
    [ax, ay],
    [bx, by],
    [dx, dy],
    [cx, cy],
  ];
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < 4; i++) {
    const [px, py] = corners[i]!;
    const [qx, qy] = corners[(i + 1) % 4]!;
    const length = Math.hypot(qx - px, qy - py) || 1;
    const side = ((qx - px) * (y - py) - (qy - py) * (x - px)) / length;
    least = Math.min(least, side);
    most = Math.max(most, side);
  }
  return least >= -slack || most <= slack;
}

/** Whether a quad's edges run along the page's. */
export function isUpright([ax, ay, bx, by, cx, cy, dx, dy]: Quad): boolean {
  const near = (p: number, q: number) => Math.abs(p - q) < 0.01;
  return (
    (near(ay, by) && near(cy, dy) && near(ax, cx) && near(bx, dx)) ||
    (near(ax, bx) && near(cx, dx) && near(ay, cy) && near(by, dy))
  );
}
