/** Boxes on a page: kept inside it, moved and resized as they are shown. */
import type { PageViewport } from 'pdfjs-dist';
import type { Rect } from '../anchoring/words';
import { shownBox } from './pages';
import type { Spot } from './pages';

export type Turnable = Pick<PageViewport, 'convertToPdfPoint' | 'convertToViewportPoint' | 'width' | 'height' | 'scale'>;

/** The box of PDF points that is shown there. */
export function pdfBox(viewport: Turnable, [x0, y0, x1, y1]: Rect): Rect {
  const [ax, ay] = viewport.convertToPdfPoint(x0, y0) as [number, number];
  const [bx, by] = viewport.convertToPdfPoint(x1, y1) as [number, number];
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

/** The box between two points of a page, cut off at the page's edge. */
export function boxBetween(viewport: Turnable, a: Spot, b: Spot): Rect {
  const box: Rect = [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const [left, top, right, bottom] = shownBox(viewport, box);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return pdfBox(viewport, [
    clamp(left, viewport.width),
    clamp(top, viewport.height),
    clamp(right, viewport.width),
    clamp(bottom, viewport.height),
  ]);
}

/** A box of so many points, its middle or its top left corner as shown at a point, inside the page. */
export function boxAt(
  viewport: Turnable,
  spot: { readonly x: number; readonly y: number },
  width: number,
  height: number,
  from: 'middle' | 'corner',
): Rect {
  const [x, y] = viewport.convertToViewportPoint(spot.x, spot.y) as [number, number];
  const { scale } = viewport;
  const [w, h] = [Math.min(width * scale, viewport.width), Math.min(height * scale, viewport.height)];
  const left = from === 'middle' ? x - w / 2 : x;
  const top = from === 'middle' ? y - h / 2 : y;
  return inside(viewport, [left, top, left + w, top + h]);
}

/** A box moved by so many points to the right and down as shown, inside the page. */
export function moveBox(viewport: Turnable, rect: Rect, right: number, down: number): Rect {
  const [x0, y0, x1, y1] = shownBox(viewport, rect);
  const [dx, dy] = [right * viewport.scale, down * viewport.scale];
  return inside(viewport, [x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
}

/** Which edges of a box are drawn along. */
export interface Edges {
  readonly left?: boolean;
  readonly right?: boolean;
  readonly top?: boolean;
  readonly bottom?: boolean;
}

/** A box whose edges are moved by so many points to the right and down as shown; never smaller than `least`. */
export function resizeBox(viewport: Turnable, rect: Rect, edges: Edges, right: number, down: number, least: number): Rect {
  let [x0, y0, x1, y1] = shownBox(viewport, rect);
  const { scale, width, height } = viewport;
  const small = least * scale;
  if (edges.left) x0 = Math.min(x1 - small, Math.max(0, x0 + right * scale));
  if (edges.right) x1 = Math.max(x0 + small, Math.min(width, x1 + right * scale));
  if (edges.top) y0 = Math.min(y1 - small, Math.max(0, y0 + down * scale));
  if (edges.bottom) y1 = Math.max(y0 + small, Math.min(height, y1 + down * scale));
  return pdfBox(viewport, [x0, y0, x1, y1]);
}

function inside(viewport: Turnable, [x0, y0, x1, y1]: Rect): Rect {
  const dx = Math.max(0, -x0) - Math.max(0, x1 - viewport.width);
  const dy = Math.max(0, -y0) - Math.max(0, y1 - viewport.height);
  return pdfBox(viewport, [x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
}
