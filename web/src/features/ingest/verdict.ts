/**
 * What to do when an upload, or a question about it, was not answered with
 * success: try again and when, wait for a sign-in, begin again, or stop and say why.
 */
import type { ItemProblem, Trouble } from './queue';

/** A failed request, stripped to what decides. */
export interface Failure {
  /** The HTTP status; 0 when no answer came. */
  status: number;
  /** The problem's code where the server gave one, else empty. */
  code: string;
  /** The server's sentence, or empty. */
  detail: string;
  /** The document named by a duplicate. */
  documentId: string | null;
  /** That document is in the trash. */
  trashed: boolean;
  /** What the server asked for by Retry-After, in milliseconds. */
  retryAfterMs: number | null;
  /** The request was for an upload that had been begun, not for a new one. */
  resuming: boolean;
}

export type Verdict =
  | { kind: 'retry'; afterMs: number; trouble: Trouble }
  | { kind: 'sign-in' }
  /** The upload is gone on the server; the bytes are still here. */
  | { kind: 'restart' }
  | { kind: 'duplicate'; documentId: string | null; trashed: boolean }
  | { kind: 'stop'; problem: ItemProblem };

/** How often something that may be the file's own fault is tried before it is said so. */
const PATIENCE = 6;
const FIRST_MS = 500;
const LONGEST_MS = 8_000;
/** No server's Retry-After holds an upload longer than this. */
const LONGEST_ASKED_MS = 120_000;

/** A wait that doubles, with up to half taken off by chance so that many do not return together. */
export function backoff(tries: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, tries));
  return full * (1 - random() / 2);
}

/**
 * Reads Retry-After (RFC 9110, 10.2.3): seconds or a date. Milliseconds from
 * `now`; null when it is missing or makes no sense.
 */
export function retryAfter(header: string | null, now: number): number | null {
  if (!header) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** `tries` counts failures since bytes last moved. */
export function judge(failure: Failure, tries: number, random: () => number = Math.random): Verdict {
  const { status, code } = failure;
  const wait = (trouble: Trouble): Verdict => {
    const own = backoff(tries, random);
    const asked = failure.retryAfterMs === null ? 0 : Math.min(failure.retryAfterMs, LONGEST_ASKED_MS);
    // A little on top of what was asked, again so that not all come back at once.
    return { kind: 'retry', afterMs: Math.max(own, asked === 0 ? 0 : asked + random() * 500), trouble };
  };
  const stop = (fallback: string, action: ItemProblem['action']): Verdict => ({
    kind: 'stop',
    problem: { code: code || fallback, action, ...(failure.detail ? { detail: failure.detail } : {}) },
  });

  if (status === 0) return wait('offline');
  if (status === 401) return { kind: 'sign-in' };
  if (code === 'duplicate') return { kind: 'duplicate', documentId: failure.documentId, trashed: failure.trashed };

  const patiently = (): Verdict => (tries < PATIENCE * 3 ? wait('busy') : stop('failed', 'retry'));
  // A chunk that a proxy cut short, or an account with many uploads begun elsewhere.
  if (code === 'chunk_cut_off' || code === 'too_many_uploads') return patiently();

  switch (status) {
    case 403:
      return stop('role_forbids', 'retry');
    case 404:
    case 410:
      // Of a new upload it says that the library is gone.
      return failure.resuming ? { kind: 'restart' } : stop('library_not_found', 'remove');
    case 413:
      return stop('too_large', 'remove');
    case 415:
      return stop('not_a_pdf', 'remove');
    case 507:
      return stop('storage_full', 'retry');
    case 408:
    case 425:
    case 429:
    case 502:
    case 503:
    case 504:
      return wait('busy');
    // 423: another request still holds the upload, as after a cut connection.
    // 409, 460: the offsets or a chunk's checksum did not agree; the next look at the server settles it.
    case 409:
    case 423:
    case 460:
      return patiently();
    default:
      if (status >= 500) return tries < PATIENCE ? wait('busy') : stop('failed', 'retry');
      return stop('failed', 'retry');
  }
}
