import { describe, expect, it } from 'vitest';
import { joinTexts, TextLayout } from './layout';
import { turned, twoColumns } from './pages.testing';
import { quadBounds } from './quads';
import { random } from './random.testing';
import type { Rect } from './words';

const center = ([x0, y0, x1, y1]: Rect) => [(x0 + x1) / 2, (y0 + y1) / 2] as const;
const rotations = [0, 90, 180, 270] as const;

describe('touch', () => {
  it.each(rotations)('finds every word under its own middle, page turned by %i', (rotation) => {
    for (let seed = 0; seed < 20; seed++) {
      const { page } = turned(twoColumns(seed), rotation);
      const layout = new TextLayout(page);
      page.words.forEach((word, i) => {
        word.boxes.forEach((box, part) => {
          const touch = layout.touch(...center(box))!;
          expect(touch.unit).toBe(i);
          expect(touch.share).toBeCloseTo((part + 0.5) / word.boxes.length);
        });
      });
    }
  });

  it('takes the line beside the point, in the margin and past a short last line', () => {
    for (let seed = 0; seed < 40; seed++) {
      const test = twoColumns(seed);
      const layout = new TextLayout(test.page);
      for (const { box, words, column } of test.lines) {
        const y = (box[1] + box[3]) / 2;
        if (column !== 'right') {
          const before = layout.touch(20, y)!;
          expect(before.unit).toBe(words[0]);
        }
        // Still inside the column, however early the line ends.
        const inColumn = column === 'left' ? 294 : 550;
        const past = layout.touch(inColumn, y)!;
        expect(past.unit).toBe(words.at(-1));
        if (column === 'right') expect(layout.touch(600, y)!.unit).toBe(words.at(-1));
      }
    }
  });

  it('stays in the column of a drag that overshoots the line', () => {
    const test = twoColumns(3);
    const layout = new TextLayout(test.page);
    const line = test.lines.find(({ column, box }) => column === 'left' && box[2] > 280)!;
    const y = (line.box[1] + line.box[3]) / 2;
    const from = layout.touch(100, y)!;
    expect(layout.touch(311, y, from.block)!.unit).toBe(line.words.at(-1));
    // Without a drag the nearer column is meant.
    expect(layout.touch(311, y)!.unit).not.toBe(line.words.at(-1));
  });

  it('finds none on a page without text', () => {
    expect(new TextLayout({ text: '', words: [], rotation: 0 }).touch(10, 10)).toBeUndefined();
  });
});

describe('between', () => {
  it('takes whole words, the same both ways, and covers both ends', () => {
    const next = random(5);
    for (let seed = 0; seed < 60; seed++) {
      const { page } = twoColumns(seed);
      const layout = new TextLayout(page);
      for (let i = 0; i < 40; i++) {
        const a = layout.touch(next(612), next(792))!;
        const b = layout.touch(next(612), next(792))!;
        const range = layout.between(a, b);
        expect(layout.between(b, a)).toEqual(range);
        expect(range.to - range.from).toBeLessThanOrEqual(Math.abs(a.unit - b.unit) + 1);
        const part = layout.part(range);
        if (!part) continue;
        expect(part.text).toBe(page.text.slice(part.start, part.end));
        expect(page.words.some(({ start }) => start === part.start)).toBe(true);
        expect(page.words.some(({ end }) => end === part.end)).toBe(true);
      }
    }
  });

  it('leaves out a word whose very end was touched', () => {
    const { page } = twoColumns(1);
    const layout = new TextLayout(page);
    const [x0, y0, x1] = page.words[0]!.boxes[0]!;
    const [first, second] = [layout.touch(x1, y0 + 5)!, layout.touch(...center(page.words[1]!.boxes[0]!))!];
    expect(layout.between(first, second)).toEqual({ from: 1, to: 2 });
    expect(layout.between(layout.touch(x0, y0 + 5)!, second)).toEqual({ from: 0, to: 2 });
  });

  it('gives quads that cover the words of the range and no word of another line', () => {
    for (const rotation of rotations) {
      const { page } = turned(twoColumns(9), rotation);
      const layout = new TextLayout(page);
      const part = layout.part({ from: 8, to: 30 })!;
      const boxes = part.quads.map(quadBounds);
      page.words.forEach((word, i) => {
        for (const box of word.boxes) {
          const [x, y] = center(box);
          const inside = boxes.some((b) => b[0] <= x && x <= b[2] && b[1] <= y && y <= b[3]);
          expect(inside).toBe(i >= 8 && i < 30);
        }
      });
    }
  });
});

describe('word, sentence, line and paragraph', () => {
  const text = 'One is here. Two goes on and on. Three\nNext is another.';
  let x = 0;
  const words = [...text.matchAll(/\S+/g)].map((match, i) => {
    if (i === 6) x = 0;
    const y = i < 6 ? 700 : 686;
    x += 30;
    return { start: match.index, end: match.index + match[0].length, boxes: [[x, y, x + 25, y + 10] as Rect] };
  });
  const layout = new TextLayout({ text, words, rotation: 0 });
  const said = (range: { from: number; to: number }) => layout.part(range)?.text;

  it('are what stands around a word', () => {
    const touch = { unit: 4, share: 0.5, block: 0 };
    expect(said(layout.word(touch))).toBe('goes');
    expect(said(layout.sentence(touch))).toBe('Two goes on and on.');
    expect(said(layout.line(touch))).toBe('One is here. Two goes on');
    expect(said(layout.paragraph(touch))).toBe('One is here. Two goes on and on. Three');
    expect(said(layout.paragraph({ unit: 10 }))).toBe('Next is another.');
  });
});

describe('caret', () => {
  it('goes over every place forward and back', () => {
    const layout = new TextLayout(twoColumns(2).page);
    let caret = layout.start;
    let steps = 0;
    for (let next = layout.step(caret, 1); next; next = layout.step(caret, 1)) {
      expect(layout.step(next, -1)!.index).toBe(caret.index);
      caret = next;
      steps++;
    }
    expect(steps).toBe(layout.units.length);
  });

  it('goes down and up through every line of both columns', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { page, lines } = twoColumns(seed);
      const layout = new TextLayout(page);
      let caret = layout.start;
      let seen = 1;
      for (let next = layout.stepLine(caret, 1, 150); next; next = layout.stepLine(caret, 1, 150)) {
        caret = next;
        seen++;
      }
      expect(seen).toBe(lines.length);
      for (let next = layout.stepLine(caret, -1, 150); next; next = layout.stepLine(caret, -1, 150)) {
        caret = next;
        seen--;
      }
      expect(seen).toBe(1);
    }
  });

  it.each(rotations)('stands at both ends of its line, page turned by %i', (rotation) => {
    const { page, lines } = turned(twoColumns(4), rotation);
    const layout = new TextLayout(page);
    // A line that begins with a whole word.
    for (const { words, box } of lines) {
      const [first, last] = [words[0]!, words.at(-1)!];
      if (page.words[first]!.boxes.length > 1 || page.words[last]!.boxes.length > 1) continue;
      const inside = { index: first, above: false };
      const start = layout.lineEnd(inside, 'start');
      const end = layout.lineEnd(inside, 'end');
      expect(start.index).toBe(first);
      expect(end).toEqual({ index: last + 1, above: true });
      const along = rotation % 180 === 0 ? 0 : 1;
      const at = [layout.caretBox(start)![along]!, layout.caretBox(end)![along]!].sort((a, b) => a - b);
      expect(at[0]).toBeGreaterThanOrEqual(box[along]! - 6);
      expect(at[1]).toBeLessThanOrEqual(box[along + 2]! + 6);
      expect(at[1]! - at[0]!).toBeGreaterThan(box[along + 2]! - box[along]! - 12);
    }
  });

  it('goes from sentence to sentence', () => {
    const layout = new TextLayout(twoColumns(6).page);
    let caret = layout.start;
    for (let next = layout.stepSentence(caret, 1); next; next = layout.stepSentence(caret, 1)) {
      expect(next.index).toBeGreaterThan(caret.index);
      caret = next;
    }
    expect(caret.index).toBe(layout.units.length);
    for (let next = layout.stepSentence(caret, -1); next; next = layout.stepSentence(caret, -1)) caret = next;
    expect(caret.index).toBe(0);
  });
});

describe('scripts without spaces', () => {
  it('are selected sign by sign, each with its share of the box', () => {
    const layout = new TextLayout({
      text: '漢字の文 word',
      words: [
        { start: 0, end: 4, boxes: [[100, 700, 140, 710]] },
        { start: 5, end: 9, boxes: [[150, 700, 170, 710]] },
      ],
      rotation: 0,
    });
    expect(layout.units).toHaveLength(5);
    const range = layout.between(layout.touch(111, 705)!, layout.touch(129, 705)!);
    expect(layout.part(range)).toMatchObject({ start: 1, end: 3, text: '字の', quads: [[110, 710, 130, 710, 110, 700, 130, 700]] });
  });
});

describe('joinTexts', () => {
  it('goes on with a sentence over the page, and begins a line after one', () => {
    expect(joinTexts(['it goes', 'on here.', 'New one'])).toBe('it goes on here.\nNew one');
  });
});
