import { describe, expect, it } from 'vitest';
import { random } from './random.testing';
import { bounds, lineBoxes, wordsInRange, type PageWord, type Rect } from './words';

const word = (start: number, end: number, ...boxes: Rect[]): PageWord => ({ start, end, boxes });

/** Words of 1 to 9 characters with one space between, eight to a line of 12 points. */
function page(seed: number, count: number): PageWord[] {
  const next = random(seed);
  const words: PageWord[] = [];
  let at = 0;
  let x = 50;
  for (let i = 0; i < count; i++) {
    const length = 1 + next(9);
    if (i % 8 === 0) x = 50;
    const y = 700 - 14 * Math.floor(i / 8);
    words.push(word(at, at + length, [x, y, x + 5 * length, y + 10]));
    at += length + 1;
    x += 5 * length + 3 + next(6);
  }
  return words;
}

describe('wordsInRange', () => {
  const words = [word(0, 3), word(4, 9), word(10, 12)];

  it('takes every word that the range touches', () => {
    expect(wordsInRange(words, 2, 5)).toEqual([words[0], words[1]]);
    expect(wordsInRange(words, 4, 9)).toEqual([words[1]]);
    expect(wordsInRange(words, 0, 99)).toEqual(words);
  });

  it('takes none for an empty range, a space, or a range outside', () => {
    expect(wordsInRange(words, 5, 5)).toEqual([]);
    expect(wordsInRange(words, 9, 10)).toEqual([]);
    expect(wordsInRange(words, 12, 40)).toEqual([]);
    expect(wordsInRange(words, 6, 2)).toEqual([]);
    expect(wordsInRange([], 0, 5)).toEqual([]);
  });

  it('agrees with looking at every word', () => {
    const next = random(11);
    for (let round = 0; round < 200; round++) {
      const words = page(round, next(60));
      const length = (words.at(-1)?.end ?? 0) + 3;
      const start = next(length) - 1;
      const end = start + next(40);
      const expected = words.filter((w) => Math.max(w.start, start) < Math.min(w.end, end));
      expect(wordsInRange(words, start, end)).toEqual(expected);
    }
  });
});

describe('lineBoxes', () => {
  it('joins the words of a line and starts again on the next', () => {
    const words = [
      word(0, 3, [50, 700, 70, 710]),
      word(4, 9, [74, 698, 100, 710]),
      word(10, 12, [50, 686, 62, 696]),
    ];
    expect(lineBoxes(words)).toEqual([
      [50, 698, 100, 710],
      [50, 686, 62, 696],
    ]);
  });

  it('takes both parts of a word hyphenated over a line end', () => {
    const words = [
      word(0, 2, [400, 700, 412, 710]),
      word(3, 14, [416, 700, 440, 710], [50, 686, 70, 696]),
      word(15, 18, [74, 686, 90, 696]),
    ];
    expect(lineBoxes(words)).toEqual([
      [400, 700, 440, 710],
      [50, 686, 90, 696],
    ]);
  });

  it('joins small raised text to its line', () => {
    const words = [word(0, 3, [50, 700, 70, 710]), word(4, 5, [71, 705, 74, 711])];
    expect(lineBoxes(words)).toEqual([[50, 700, 74, 711]]);
  });

  it('does not bridge the space between two columns', () => {
    const words = [word(0, 3, [50, 700, 70, 710]), word(4, 9, [300, 700, 340, 710])];
    expect(lineBoxes(words)).toHaveLength(2);
  });

  it('joins text that runs from right to left', () => {
    const words = [word(0, 3, [80, 700, 100, 710]), word(4, 9, [50, 700, 76, 710])];
    expect(lineBoxes(words)).toEqual([[50, 700, 100, 710]]);
  });

  it('follows the lines of a page turned on its side', () => {
    const words = [
      word(0, 3, [700, 50, 710, 70]),
      word(4, 9, [700, 74, 710, 100]),
      word(10, 12, [714, 50, 724, 62]),
    ];
    expect(lineBoxes(words, 90)).toEqual([
      [700, 50, 710, 100],
      [714, 50, 724, 62],
    ]);
  });

  it('keeps boxes without a height as they are', () => {
    const words = [word(0, 3, [50, 700, 70, 700]), word(4, 9, [72, 700, 90, 700])];
    expect(lineBoxes(words)).toHaveLength(2);
  });

  it('gives one box per line, covers every word and nothing beside the text', () => {
    for (let seed = 0; seed < 100; seed++) {
      const words = page(seed, 1 + random(seed)(64));
      const boxes = lineBoxes(words);
      expect(boxes).toHaveLength(Math.ceil(words.length / 8));
      for (const [x0, y0, x1, y1] of words.flatMap((w) => w.boxes)) {
        expect(boxes.some((b) => b[0] <= x0 && b[1] <= y0 && b[2] >= x1 && b[3] >= y1)).toBe(true);
      }
      expect(bounds(boxes)).toEqual(bounds(words.flatMap((w) => w.boxes)));
    }
  });
});

describe('bounds', () => {
  it('is undefined for no box', () => {
    expect(bounds([])).toBeUndefined();
  });
});
