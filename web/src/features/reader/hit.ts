/** The marks of a search hit: the words that were found, and their sentence. */
import { pageText } from '../../anchoring/pageText';
import { quadOf } from '../../anchoring/quads';
import { sentenceAround } from '../../anchoring/sentence';
import { bounds, lineBoxes, wordsInRange, type Rect } from '../../anchoring/words';
import type { PageText } from '../../lib/api';
import type { ViewMark } from '../../pdfview/types';

export interface Hit {
  /** Code points of the page's text, half-open. */
  readonly start: number;
  readonly end: number;
}

/** The marks, and a point to look at; no marks when the words have no place on the page. */
export function marksOfHit(
  page: PageText,
  hit: Hit,
): { marks: ViewMark[]; at: { x: number; y: number } | undefined } {
  const { words } = pageText(page);
  const mark = (shape: 'hit' | 'passage', boxes: readonly Rect[]): ViewMark => ({
    id: shape,
    page: page.number,
    shape,
    tone: shape,
    label: '',
    quads: boxes.map((box) => quadOf(box, page.rotation)),
  });
  const found = wordsInRange(words, hit.start, hit.end);
  const boxes = lineBoxes(found, page.rotation);
  const around = bounds(boxes);
  if (!around) return { marks: [], at: undefined };
  const marks = [mark('hit', boxes)];
  const sentence = sentenceAround(page.text, hit.start, hit.end);
  if (sentence) {
    // Beside the hit only: two colours multiplied would make a third.
    const from = found[0]?.start ?? hit.start;
    const to = found.at(-1)?.end ?? hit.end;
    const beside = [
      ...lineBoxes(wordsInRange(words, sentence.start, from), page.rotation),
      ...lineBoxes(wordsInRange(words, to, sentence.end), page.rotation),
    ];
    marks.unshift(mark('passage', beside));
  }
  return { marks, at: { x: (around[0] + around[2]) / 2, y: (around[1] + around[3]) / 2 } };
}
