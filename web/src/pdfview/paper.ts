/** Marks drawn into a picture of a page, in the look that marks.ts gives them on the screen. */
import { shownBox } from './pages';
import { boxPath, bubble, inkPath, markBounds, quadsPath, underlinePath, type Shown } from './shapes';
import { markSize } from './markHits';
import type { ViewMark } from './types';

/** The colours of a tone. */
export type Tones = (tone: string, part: 'fill' | 'ink') => string;

const lineHeight = 13;
const padding = 2;

/** Draws the marks of a page; one unit of the context is a point of the page as shown. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  viewport: Shown,
  marks: readonly ViewMark[],
  tones: Tones,
): void {
  const shown = marks.filter(({ shape }) => shape !== 'hit' && shape !== 'passage');
  for (const mark of shown.toSorted((a, b) => markSize(b) - markSize(a))) {
    if (!markBounds(mark)) continue;
    context.save();
    context.globalAlpha = mark.faded ? 0.35 : 1;
    drawMark(context, viewport, mark, tones);
    context.restore();
  }
}

function drawMark(context: CanvasRenderingContext2D, viewport: Shown, mark: ViewMark, tones: Tones) {
  const fill = tones(mark.tone, 'fill');
  const ink = tones(mark.tone, 'ink');
  const box = mark.rect && shownBox(viewport, mark.rect);
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  const blend = (data: string, strength: number) => {
    context.save();
    context.globalCompositeOperation = 'multiply';
    context.globalAlpha *= strength;
    context.fillStyle = fill;
    context.fill(new Path2D(data));
    context.restore();
  };
  switch (mark.shape) {
    case 'highlight':
      blend(quadsPath(viewport, mark.quads), 1);
      break;
    case 'underline':
      context.stroke(new Path2D(underlinePath(viewport, mark.quads, 0)));
      break;
    case 'area':
    case 'text':
      if (!box) break;
      blend(boxPath(box), 0.3);
      context.stroke(new Path2D(boxPath(box)));
      if (mark.shape === 'text') writeText(context, mark.text ?? '', box, ink);
      break;
    case 'note':
      if (!box) break;
      context.save();
      context.translate(box[0], box[1]);
      context.scale((box[2] - box[0]) / 24, (box[3] - box[1]) / 24);
      context.lineWidth = 1.75;
      context.fillStyle = fill;
      context.fill(new Path2D(bubble));
      context.stroke(new Path2D(bubble));
      context.restore();
      break;
    case 'ink':
      context.lineWidth = 1.75;
      context.stroke(new Path2D(inkPath(viewport, mark.paths ?? [])));
      break;
    case 'hit':
    case 'passage':
    case 'citation':
      break;
  }
  if (mark.guessed) {
    context.strokeStyle = '#b98a1c';
    context.setLineDash([4, 3]);
    context.stroke(new Path2D(mark.quads.length > 0 ? quadsPath(viewport, mark.quads) : box ? boxPath(box) : ''));
  }
}

/** Text in lines as wide as its box; what does not fit is left out, as on the screen. */
function writeText(
  context: CanvasRenderingContext2D,
  text: string,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  ink: string,
) {
  context.fillStyle = ink;
  context.font = '10px sans-serif';
  context.textBaseline = 'top';
  let y = y0 + padding;
  const put = (line: string) => {
    if (y + lineHeight <= y1 + padding) context.fillText(line, x0 + padding, y);
    y += lineHeight;
  };
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && context.measureText(longer).width > x1 - x0 - 2 * padding) {
        put(line);
        line = word;
      } else {
        line = longer;
      }
    }
    put(line);
  }
}
