/** Pages of words for tests: a title over two columns, as papers have it. */
import type { PageText } from './pageText';
import { random } from './random.testing';
import type { PageWord, Rect } from './words';

export interface TestPage {
  readonly page: PageText;
  /** The box of each line, in reading order, and the words on it. */
  readonly lines: readonly { readonly box: Rect; readonly words: readonly number[]; readonly column: 'title' | 'left' | 'right' }[];
}

const columns = { title: [60, 552], left: [60, 296], right: [316, 552] } as const;

/**
 * A page of 612 by 792 points: lines of 10 points, words of 1 to 9 letters, some
 * broken by a hyphen, paragraphs that end anywhere in a line.
 */
export function twoColumns(seed: number, linesPerColumn = 20): TestPage {
  const next = random(seed);
  const words: PageWord[] = [];
  const lines: { box: Rect; words: number[]; column: 'title' | 'left' | 'right' }[] = [];
  let text = '';
  let broken: { length: number } | undefined;
  const fill = (column: 'title' | 'left' | 'right', y: number, until: number, ends: boolean) => {
    let x: number = columns[column][0];
    const [, right] = columns[column];
    const line = { box: [x, y, x, y + 10] as Rect, words: [] as number[], column };
    while (x < until) {
      const length = broken?.length ?? 1 + next(9);
      const width = Math.min(length * 5, right - x);
      if (width < 3) break;
      const box: Rect = [x, y, x + width, y + 10];
      if (broken) {
        const last = words[words.length - 1]!;
        words[words.length - 1] = { ...last, end: last.end + length, boxes: [...last.boxes, box] };
        text += 'a'.repeat(length);
        line.words.push(words.length - 1);
        broken = undefined;
      } else {
        if (text !== '') text += text.endsWith('\n') ? '' : ' ';
        words.push({ start: text.length, end: text.length + length, boxes: [box] });
        line.words.push(words.length - 1);
        text += 'a'.repeat(length);
      }
      x += width + 3 + next(3);
    }
    line.box = [line.box[0], y, x - 3, y + 10];
    lines.push(line);
    if (ends) {
      text += '.\n';
      const last = words[words.length - 1]!;
      words[words.length - 1] = { ...last, end: last.end + 1 };
    } else if (next(6) === 0) broken = { length: 1 + next(4) };
  };
  fill('title', 740, 500, true);
  for (const column of ['left', 'right'] as const) {
    for (let i = 0; i < linesPerColumn; i++) {
      const ends = next(5) === 0 || i === linesPerColumn - 1;
      const [left, right] = columns[column];
      fill(column, 700 - 13 * i, ends ? left + 20 + next(180) : right - 12, ends);
    }
  }
  return { page: { text: text.trimEnd(), words, rotation: 0 }, lines };
}

/** The same page in the user space of a file whose pages are turned by `rotation` when shown. */
export function turned({ page, lines }: TestPage, rotation: 0 | 90 | 180 | 270): TestPage {
  const turn = ([x0, y0, x1, y1]: Rect): Rect => {
    switch (rotation) {
      case 90:
        return [-y1, x0, -y0, x1];
      case 180:
        return [-x1, -y1, -x0, -y0];
      case 270:
        return [y0, -x1, y1, -x0];
      default:
        return [x0, y0, x1, y1];
    }
  };
  return {
    page: { ...page, rotation, words: page.words.map((word) => ({ ...word, boxes: word.boxes.map(turn) })) },
    lines: lines.map((line) => ({ ...line, box: turn(line.box) })),
  };
}
