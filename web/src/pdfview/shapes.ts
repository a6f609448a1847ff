/** The outlines of marks, in pixels of the page as shown at one pixel a point. */
import type { PageViewport } from 'pdfjs-dist';
import { isUpright, quadBounds, type Quad } from '../anchoring/quads';
import type { Rect } from '../anchoring/words';
import { shownBox } from './pages';
import type { ViewMark } from './types';

/** A speech bubble in a box of 24 by 24: the sign of a note (lucide's message-square-text, ISC). */
export const bubble = 'M21 15a2 2 0 0 1-2 2H7l-4 4V5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2zM13 8H7M17 12H7';

export type Shown = Pick<PageViewport, 'width' | 'height' | 'convertToViewportPoint'>;

const number = (value: number) => String(Math.round(value * 1000) / 1000);
const point = (viewport: Shown, x: number, y: number) => {
  const [px, py] = viewport.convertToViewportPoint(x, y) as [number, number];
  return `${number(px)} ${number(py)}`;
};

/** The path around quads, each closed; SVG's path data. */
export function quadsPath(viewport: Shown, quads: readonly Quad[]): string {
  return quads
    .map((quad) => {
      const [ax, ay, bx, by, cx, cy, dx, dy] = quad;
      if (isUpright(quad)) return boxPath(shownBox(viewport, quadBounds(quad)));
      return `M${point(viewport, ax, ay)}L${point(viewport, bx, by)}L${point(viewport, dx, dy)}L${point(viewport, cx, cy)}Z`;
    })
    .join('');
}

/** A box given in pixels of the page as shown. */
export function boxPath([x0, y0, x1, y1]: Rect, grow = 0): string {
  const [left, top, right, bottom] = [x0 - grow, y0 - grow, x1 + grow, y1 + grow].map(number);
  return `M${left} ${top}H${right}V${bottom}H${left}Z`;
}

/**
 * The lower edges of quads, where an underline is. `turned`: how far the page is
 * turned beyond its own rotation. Real files put the corners of upright text in
 * any order, so there the page says which edge is the lower one.
 */
export function underlinePath(viewport: Shown, quads: readonly Quad[], turned: number, up = 0): string {
  return quads
    .map((quad) => {
      const [, , , , cx, cy, dx, dy] = quad;
      if (!isUpright(quad)) return `M${point(viewport, cx, cy)}L${point(viewport, dx, dy)}`;
      const [x0, y0, x1, y1] = shownBox(viewport, quadBounds(quad)).map((v) => Math.round(v * 1000) / 1000) as [
        number,
        number,
        number,
        number,
      ];
      switch (turned) {
        case 90:
          return `M${x0 + up} ${y0}V${y1}`;
        case 180:
          return `M${x0} ${y0 + up}H${x1}`;
        case 270:
          return `M${x1 - up} ${y0}V${y1}`;
        default:
          return `M${x0} ${y1 - up}H${x1}`;
      }
    })
    .join('');
}

/** Lines given as x, y, x, y …; a single point is a dot. */
export function inkPath(viewport: Shown, paths: readonly (readonly number[])[]): string {
  return paths
    .map((path) => {
      let data = '';
      for (let i = 0; i + 1 < path.length; i += 2) data += `${i === 0 ? 'M' : 'L'}${point(viewport, path[i]!, path[i + 1]!)}`;
      return path.length === 2 ? `${data}h0` : data;
    })
    .join('');
}

/** The box around a mark in PDF points; undefined for one without a place. */
export function markBounds({ quads, rect, paths }: Pick<ViewMark, 'quads' | 'rect' | 'paths'>): Rect | undefined {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (x: number, y: number) => {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  };
  for (const quad of quads) for (let i = 0; i < 8; i += 2) add(quad[i]!, quad[i + 1]!);
  if (rect) {
    add(rect[0], rect[1]);
    add(rect[2], rect[3]);
  }
  for (const path of paths ?? []) for (let i = 0; i + 1 < path.length; i += 2) add(path[i]!, path[i + 1]!);
  return x1 < x0 ? undefined : [x0, y0, x1, y1];
}
