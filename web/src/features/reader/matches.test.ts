import { describe, expect, it } from 'vitest';
import { matchAt, matchesBefore } from './matches';

describe('matchAt', () => {
  const pages = [
    { page: 2, count: 3 },
    { page: 5, count: 1 },
    { page: 9, count: 2 },
  ];
  const before = matchesBefore(pages);

  it('numbers matches through all pages', () => {
    expect(Array.from({ length: 6 }, (_, n) => matchAt(pages, before, n))).toEqual([
      { page: 2, index: 0 },
      { page: 2, index: 1 },
      { page: 2, index: 2 },
      { page: 5, index: 0 },
      { page: 9, index: 0 },
      { page: 9, index: 1 },
    ]);
  });

  it('knows none outside', () => {
    expect(matchAt(pages, before, 6)).toBeUndefined();
    expect(matchAt(pages, before, -1)).toBeUndefined();
    expect(matchAt([], [], 0)).toBeUndefined();
  });
});
