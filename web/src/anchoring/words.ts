/**
 * From a range of a page's text to the places where it stands on the page.
 *
 * Boxes are in PDF points in the page's default user space (ISO 32000-2, 8.3.2.3):
 * x to the right, y upwards, not turned by the page's rotation.
 */

/** x0, y0, x1, y1 with x0 ≤ x1 and y0 ≤ y1. */
export type Rect = readonly [x0: number, y0: number, x1: number, y1: number];

/** One word of a page; `start` and `end` are code points of the page's text, half-open. */
export interface PageWord {
  readonly start: number;
  readonly end: number;
  /** One per line that the word stands on: two when it is hyphenated. */
  readonly boxes: readonly Rect[];
}

/**
 * The words that share at least one character with [start, end). `words` must
 * be in the order of the text and must not overlap.
 */
export function wordsInRange<W extends PageWord>(
  words: readonly W[],
  start: number,
  end: number,
): W[] {
  if (end <= start) return [];
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  const found: W[] = [];
  for (let i = low; i < words.length; i++) {
    const word = words[i];
    if (!word || word.start >= end) break;
    if (word.end > word.start) found.push(word);
  }
  return found;
}

// Two boxes are on one line when they share at least this part of the lower one's height.
const sameLine = 0.5;
// Justified text stretches a space to about one line height; a table's gap is wider.
const widestSpace = 1.5;

/**
 * The boxes of neighbouring words joined into one per line, so that a highlight
 * is a band and not a row of tiles. `rotation` is the page's own (degrees,
 * clockwise): it tells which way its lines run. Words that run another way, or
 * that stand far apart, keep their own boxes.
 */
export function lineBoxes(words: readonly PageWord[], rotation = 0): Rect[] {
  const upright = rotation % 180 === 0;
  const lines: Rect[] = [];
  for (const word of words) {
    for (const box of word.boxes) {
      const last = lines.at(-1);
      if (last && adjoin(last, box, upright)) lines[lines.length - 1] = union(last, box);
      else lines.push(box);
    }
  }
  return lines;
}

function adjoin(a: Rect, b: Rect, upright: boolean): boolean {
  // "Along" is the way a line runs, "across" the way from line to line.
  const [along, across] = upright ? ([0, 1] as const) : ([1, 0] as const);
  const shared = Math.min(a[across + 2]!, b[across + 2]!) - Math.max(a[across]!, b[across]!);
  const lower = Math.min(a[across + 2]! - a[across]!, b[across + 2]! - b[across]!);
  if (lower <= 0 || shared < sameLine * lower) return false;
  const gap = Math.max(b[along]! - a[along + 2]!, a[along]! - b[along + 2]!);
  return gap <= widestSpace * lower;
}

function union(a: Rect, b: Rect): Rect {
  return [
    Math.min(a[0], b[0]),
    Math.min(a[1], b[1]),
    Math.max(a[2], b[2]),
    Math.max(a[3], b[3]),
  ];
}

/** The box around all of them; undefined for none. */
export function bounds(boxes: readonly Rect[]): Rect | undefined {
  return boxes.length === 0 ? undefined : boxes.reduce(union);
}
