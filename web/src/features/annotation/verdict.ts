/** What follows when the server does not take a change. */
import type { Annotation } from '../../lib/api';
import { problemOf, type Problem } from '../../lib/problem';
import type { Op, Trouble } from './changes';

export type Verdict =
  | { kind: 'retry'; trouble: Trouble }
  | { kind: 'sign-in' }
  /** What was wanted is so already. */
  | { kind: 'done' }
  | { kind: 'stale'; problem: Problem; current: Annotation | null }
  | { kind: 'refused'; problem: Problem };

/** `error` is what a call of the API threw. */
export function judge(error: unknown, op: Op): Verdict {
  const problem = problemOf(error);
  const { status, code } = problem;
  if (code === 'offline') return { kind: 'retry', trouble: 'offline' };
  if (status === 401) return { kind: 'sign-in' };
  if (status === 429 || status === 408 || status >= 500) return { kind: 'retry', trouble: 'busy' };
  // The file is being parsed just now, and the mark needs its text.
  if (code === 'edition_not_ready') return { kind: 'retry', trouble: 'busy' };
  if (code === 'annotation_changed' || code === 'reply_changed') {
    return { kind: 'stale', problem, current: markOf(problem.current) };
  }
  const gone = status === 404 || status === 410;
  if (gone && (op.do === 'delete' || op.do === 'delete-reply')) return { kind: 'done' };
  return { kind: 'refused', problem };
}

const longestMs = 30_000;

/** Milliseconds to wait before try number `tries` + 1: doubling, with up to half taken off by chance. */
export function backoff(tries: number, random: () => number = Math.random): number {
  return Math.min(longestMs, 500 * 2 ** Math.max(0, tries)) * (1 - random() / 2);
}

function markOf(value: unknown): Annotation | null {
  const found = typeof value === 'object' && value !== null && 'id' in value && 'replies' in value;
  return found ? (value as Annotation) : null;
}
