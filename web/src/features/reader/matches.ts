/** Matches are counted per page; lists and counters number them through. */
import type { FindState } from '../../pdfview/types';

/** For each page with matches, how many stand on the pages before it. */
export function matchesBefore(pages: FindState['pages']): number[] {
  let sum = 0;
  return pages.map(({ count }) => {
    sum += count;
    return sum - count;
  });
}

/** The page of match `number` (from 0), and its number on that page (from 0). */
export function matchAt(
  pages: FindState['pages'],
  before: readonly number[],
  number: number,
): { page: number; index: number } | undefined {
  let low = 0;
  let high = pages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((before[middle] ?? 0) <= number) low = middle;
    else high = middle - 1;
  }
  const entry = pages[low];
  const index = number - (before[low] ?? 0);
  return entry && index >= 0 && index < entry.count ? { page: entry.page, index } : undefined;
}
