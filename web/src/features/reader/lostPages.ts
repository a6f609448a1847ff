/** The pages of a file that could not be read, put together for one sentence. */
import type { Edition } from '../../lib/api';

/** Pages in a row that were lost for the same reason. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

// More than this nobody reads.
const mostRuns = 12;

/** The first runs of lost pages, and how many pages are not among them. */
export function lostRuns({ failed_pages: pages, failed_page_count: count }: Pick<Edition, 'failed_pages' | 'failed_page_count'>): {
  runs: readonly Run[];
  more: number;
} {
  const runs: { from: number; to: number; kind: string }[] = [];
  for (const { page, kind } of pages) {
    const last = runs.at(-1);
    if (last?.kind === kind && last.to + 1 === page) last.to = page;
    else runs.push({ from: page, to: page, kind });
  }
  const shown = runs.slice(0, mostRuns);
  return { runs: shown, more: count - shown.reduce((sum, { from, to }) => sum + to - from + 1, 0) };
}
