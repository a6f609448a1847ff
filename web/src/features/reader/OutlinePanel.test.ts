import { describe, expect, it } from 'vitest';
import { currentEntry } from './OutlinePanel';

const entry = (page: number | null) => ({ title: 'x', level: 0, page, y: null });

describe('currentEntry', () => {
  const entries = [entry(2), entry(4), entry(4), entry(null), entry(9)];

  it('is the first of the last page that begins before or here', () => {
    expect(currentEntry(entries, 2)).toBe(0);
    expect(currentEntry(entries, 3)).toBe(0);
    expect(currentEntry(entries, 4)).toBe(1);
    expect(currentEntry(entries, 8)).toBe(1);
    expect(currentEntry(entries, 20)).toBe(4);
  });

  it('is none before the first', () => {
    expect(currentEntry(entries, 1)).toBe(-1);
    expect(currentEntry([], 1)).toBe(-1);
  });
});
