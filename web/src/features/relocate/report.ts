/** What became of documents that were copied or moved, as numbers for a sentence. */
import type { Relocation } from './api';

export interface Report {
  /** Which sentence says it. */
  readonly said: 'all' | 'some' | 'none';
  readonly count: number;
  readonly total: number;
  /** Why the first of those that did not go stayed. */
  readonly reason: string;
}

export function reportOf({ total, arrived, undone, problems }: Relocation): Report {
  const count = arrived + undone;
  return {
    said: count === total ? 'all' : count === 0 ? 'none' : 'some',
    count,
    total,
    reason: problems[0]?.message ?? '',
  };
}

/** Documents that have been dealt with. */
export const passed = ({ kind: _kind, state, arrived, present, failed, undone, total }: Relocation): number =>
  state === 'undoing' ? undone : Math.min(total, arrived + present + failed);
