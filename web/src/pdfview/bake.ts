/**
 * A page's highlights with the print beneath them, as a picture: blending a page
 * costs every frame of scrolling, drawing a picture next to nothing.
 */
import type { Rect } from '../anchoring/words';
import type { Sheet } from './overlay';

/** The boxes of one mark, in points of the page as shown, and its colour. */
export interface Fill {
  readonly boxes: readonly Rect[];
  readonly color: string;
  readonly strength: number;
}

/** Undefined when there is no picture of the page, or a sharper one of a part lies over it. */
export function bake(
  sheet: Sheet,
  wrapper: HTMLElement,
  fills: readonly Fill[],
  blend: 'multiply' | 'screen',
): HTMLCanvasElement | undefined {
  const sources = wrapper.querySelectorAll<HTMLCanvasElement>(':scope > canvas');
  const source = sources[0];
  if (!source || sources.length > 1 || source.width === 0) return undefined;
  const baked = document.createElement('canvas');
  baked.width = source.width;
  baked.height = source.height;
  const context = baked.getContext('2d');
  if (!context) return undefined;
  const [right, down] = [source.width / sheet.viewport.width, source.height / sheet.viewport.height];
  // Whole pixels: beside a soft edge the page would be seen twice.
  const outline = ({ boxes }: Fill) => {
    for (const [x0, y0, x1, y1] of boxes) {
      const [left, top] = [Math.round(x0 * right), Math.round(y0 * down)];
      context.rect(left, top, Math.round(x1 * right) - left, Math.round(y1 * down) - top);
    }
  };
  context.save();
  context.beginPath();
  for (const fill of fills) outline(fill);
  context.clip();
  context.drawImage(source, 0, 0);
  context.restore();
  context.globalCompositeOperation = blend;
  for (const fill of fills) {
    context.globalAlpha = fill.strength;
    context.fillStyle = fill.color;
    // Lines of one mark that touch are filled once.
    context.beginPath();
    outline(fill);
    context.fill();
  }
  return baked;
}
