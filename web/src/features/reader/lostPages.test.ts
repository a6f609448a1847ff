import { describe, expect, it } from 'vitest';
import { lostRuns } from './lostPages';

const lost = (pages: number[], kind = 'damaged') => pages.map((page) => ({ page, kind }));

describe('pages that could not be read', () => {
  it('are put together where they follow one another for one reason', () => {
    expect(lostRuns({ failed_pages: [...lost([3], 'timed_out'), ...lost([4, 5, 6, 90])], failed_page_count: 5 })).toEqual({
      runs: [
        { from: 3, to: 3, kind: 'timed_out' },
        { from: 4, to: 6, kind: 'damaged' },
        { from: 90, to: 90, kind: 'damaged' },
      ],
      more: 0,
    });
  });

  it('are counted where there are too many to name, or to be told of', () => {
    const odd = Array.from({ length: 100 }, (_, i) => 2 * i + 1);
    const { runs, more } = lostRuns({ failed_pages: lost(odd), failed_page_count: 250 });
    expect(runs).toHaveLength(12);
    expect(more).toBe(238);
  });
});
