import { describe, expect, it } from 'vitest';
import type { Reference } from './api';
import { citationMarks, citationsByPage, isCitation } from './citations';

const reference = (index: number, cited: Reference['cited']): Reference => ({ index, raw: '', csl: {}, page: 9, boxes: [], cited, document_id: null });
const at = (page: number, start: number, end: number) => ({ page, start, end });

describe('citations', () => {
  it('are gathered from the entries that they name, in the order of the text', () => {
    const byPage = citationsByPage([reference(0, [at(2, 50, 53), at(1, 10, 16)]), reference(1, [at(1, 10, 16), at(1, 2, 5)])]);
    expect([...byPage.keys()]).toEqual([1, 2]);
    expect(byPage.get(1)?.map(({ start, references }) => [start, references])).toEqual([
      [2, [1]],
      [10, [0, 1]],
    ]);
    expect(byPage.get(1)?.every(({ id }) => isCitation(id))).toBe(true);
    expect(isCitation('0198-a-mark')).toBe(false);
  });

  it('are marked on their words, a quad for each line', () => {
    const text = {
      text: 'as said (Ada 1843)',
      rotation: 0,
      words: [
        { start: 0, end: 2, boxes: [[0, 0, 10, 10] as const] },
        { start: 3, end: 7, boxes: [[12, 0, 30, 10] as const] },
        { start: 8, end: 12, boxes: [[32, 0, 50, 10] as const] },
        { start: 13, end: 18, boxes: [[0, -12, 20, -2] as const] },
      ],
    };
    const [citation] = citationsByPage([reference(0, [at(1, 8, 18)])]).get(1)!;
    const marks = citationMarks(text, [citation!, { ...citation!, start: 90, end: 95 }], () => 'Ada 1843');
    expect(marks).toHaveLength(1);
    expect(marks[0]).toMatchObject({ shape: 'citation', page: 1, label: 'Ada 1843' });
    expect(marks[0]!.quads).toHaveLength(2);
  });
});
