import { describe, expect, it } from 'vitest';
import { quadOf } from '../anchoring/quads';
import { marksAt } from './markHits';
import type { ViewMark } from './types';

const mark = (id: string, more: Partial<ViewMark>): ViewMark => ({
  id,
  page: 1,
  shape: 'highlight',
  tone: 'key',
  label: id,
  quads: [],
  ...more,
});
const ids = (marks: readonly ViewMark[], x: number, y: number, slack = 0) => marksAt(marks, x, y, slack).map(({ id }) => id);

describe('marksAt', () => {
  const paragraph = mark('paragraph', { quads: [quadOf([50, 700, 300, 710]), quadOf([50, 686, 300, 696])] });
  const word = mark('word', { quads: [quadOf([100, 700, 130, 710])] });
  const area = mark('area', { shape: 'area', rect: [0, 600, 400, 800] });
  const ink = mark('ink', { shape: 'ink', paths: [[100, 650, 200, 650, 200, 640]] });

  it('gives every mark under the point, the smallest first, in whatever order they came', () => {
    expect(ids([area, paragraph, word], 110, 705)).toEqual(['word', 'paragraph', 'area']);
    expect(ids([word, paragraph, area], 110, 705)).toEqual(['word', 'paragraph', 'area']);
    expect(ids([area, paragraph, word], 200, 690)).toEqual(['paragraph', 'area']);
  });

  it('gives the later of two of one size first', () => {
    expect(ids([mark('a', { quads: word.quads }), mark('b', { quads: word.quads })], 110, 705)).toEqual(['b', 'a']);
  });

  it('gives none between two lines of a mark', () => {
    expect(ids([paragraph], 200, 698)).toEqual([]);
  });

  it('finds ink near its line alone', () => {
    expect(ids([ink], 150, 651, 1)).toEqual(['ink']);
    expect(ids([ink], 150, 644, 1)).toEqual([]);
    expect(ids([ink], 201, 645, 1)).toEqual(['ink']);
  });

  it('finds text that stands askew by its own edges', () => {
    // A band from (100, 100) towards the upper right, ten points high.
    const askew = mark('askew', { quads: [[93, 107, 193, 207, 100, 100, 200, 200]] });
    expect(ids([askew], 147, 153)).toEqual(['askew']);
    expect(ids([askew], 110, 190)).toEqual([]);
    expect(ids([askew], 190, 110)).toEqual([]);
  });
});
