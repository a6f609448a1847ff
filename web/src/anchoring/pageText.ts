/** A page's text with its words' places, as the server tells it. */
import type { PageText as Answer } from '../lib/api';
import type { PageWord, Rect } from './words';

export interface PageText {
  readonly text: string;
  /** In the order of `text`; they do not overlap. */
  readonly words: readonly PageWord[];
  /** The page's own, in degrees clockwise: which way its lines run. */
  readonly rotation: number;
}

/** In JSON a box is a list of any length; those that are no box are left out. */
export function pageText({ text, words, rotation }: Pick<Answer, 'text' | 'words' | 'rotation'>): PageText {
  return {
    text,
    rotation,
    words: words.map(({ start, end, boxes }) => ({
      start,
      end,
      boxes: boxes.flatMap(([x0, y0, x1, y1]): Rect[] =>
        x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined ? [] : [[x0, y0, x1, y1]],
      ),
    })),
  };
}
