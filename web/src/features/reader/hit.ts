/** The marks of a search hit: the words that were found, and their sentence. */
import { sentenceAround } from '../../anchoring/sentence';
import { bounds, lineBoxes, wordsInRange, type PageWord, type Rect } from '../../anchoring/words';
import type { PageText } from '../../lib/api';
import type { Mark } from '../../pdfview/types';

export interface Hit {
  /** Code points of the page's text, half-open. */
  readonly start: number;
  readonly end: number;
}

/** The marks, and a point to look at; no marks when the words have no place on the page. */
export function marksOfHit(
  page: PageText,
  hit: Hit,
): { marks: Mark[]; at: { x: number; y: number } | undefined } {
  const words = page.words.map(placed);
  const found = wordsInRange(words, hit.start, hit.end);
  const boxes = lineBoxes(found, page.rotation);
  const around = bounds(boxes);
  if (!around) return { marks: [], at: undefined };
  const marks: Mark[] = [{ id: 'hit', page: page.number, tone: 'hit', boxes }];
  const sentence = sentenceAround(page.text, hit.start, hit.end);
  if (sentence) {
    // Beside the hit only: two colours multiplied would make a third.
    const from = found[0]?.start ?? hit.start;
    const to = found.at(-1)?.end ?? hit.end;
    const beside = [
      ...lineBoxes(wordsInRange(words, sentence.start, from), page.rotation),
      ...lineBoxes(wordsInRange(words, to, sentence.end), page.rotation),
    ];
    marks.unshift({ id: 'passage', page: page.number, tone: 'passage', boxes: beside });
  }
  return { marks, at: { x: (around[0] + around[2]) / 2, y: (around[1] + around[3]) / 2 } };
}

// In JSON a box is a list of any length; those that are no box are left out.
const placed = (word: PageText['words'][number]): PageWord => ({
  start: word.start,
  end: word.end,
  boxes: word.boxes.flatMap(([x0, y0, x1, y1]): Rect[] =>
    x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined ? [] : [[x0, y0, x1, y1]],
  ),
});
