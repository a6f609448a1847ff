import { describe, expect, it } from 'vitest';
import { backoff, judge, retryAfter, type Failure } from './verdict';

const failure = (status: number, more: Partial<Failure> = {}): Failure => ({
  status,
  code: '',
  detail: '',
  documentId: null,
  trashed: false,
  retryAfterMs: null,
  resuming: false,
  ...more,
});
const never = () => 0;

describe('what follows a failure', () => {
  it.each([
    [0, 'offline'],
    [429, 'busy'],
    [502, 'busy'],
    [503, 'busy'],
    [504, 'busy'],
  ])('%i is waited out for as long as it takes', (status, trouble) => {
    expect(judge(failure(status), 500, never)).toMatchObject({ kind: 'retry', trouble });
  });

  it('waits as long as the server asks', () => {
    expect(judge(failure(503, { retryAfterMs: 30_000 }), 0, never)).toMatchObject({ afterMs: 30_000 });
  });

  it('does not let the server ask for hours', () => {
    expect(judge(failure(503, { retryAfterMs: 86_400_000 }), 0, never)).toMatchObject({ afterMs: 120_000 });
  });

  it('asks to sign in on 401', () => {
    expect(judge(failure(401), 0)).toEqual({ kind: 'sign-in' });
  });

  it('offers the document of a duplicate', () => {
    const duplicate = failure(409, { code: 'duplicate', documentId: 'doc', trashed: true });
    expect(judge(duplicate, 0)).toEqual({ kind: 'duplicate', documentId: 'doc', trashed: true });
  });

  it('looks again when the offsets did not agree', () => {
    expect(judge(failure(409, { resuming: true }), 0, never)).toMatchObject({ kind: 'retry' });
  });

  it.each([404, 410])('begins again when an upload is gone (%i)', (status) => {
    expect(judge(failure(status, { resuming: true }), 0)).toEqual({ kind: 'restart' });
  });

  it.each([
    [403, 'role_forbids', 'retry'],
    [404, 'library_not_found', 'remove'],
    [413, 'too_large', 'remove'],
    [415, 'not_a_pdf', 'remove'],
    [507, 'storage_full', 'retry'],
    [400, 'failed', 'retry'],
  ])('%i on a new upload stops with %s and one button', (status, code, action) => {
    expect(judge(failure(status), 0)).toEqual({ kind: 'stop', problem: { code, action } });
  });

  it('sends a chunk again that was cut on its way, but not for ever', () => {
    const cut = failure(400, { code: 'chunk_cut_off', resuming: true });
    expect(judge(cut, 0, never)).toMatchObject({ kind: 'retry' });
    expect(judge(cut, 18, never)).toMatchObject({ kind: 'stop' });
  });

  it("keeps the server's own code and sentence", () => {
    expect(judge(failure(400, { code: 'bad_metadata', detail: 'The name is missing.' }), 0)).toEqual({
      kind: 'stop',
      problem: { code: 'bad_metadata', action: 'retry', detail: 'The name is missing.' },
    });
  });

  it('gives up on a fault of the server that stays', () => {
    expect(judge(failure(500), 5, never)).toMatchObject({ kind: 'retry' });
    expect(judge(failure(500), 6, never)).toMatchObject({ kind: 'stop' });
  });
});

describe('the wait', () => {
  it('doubles up to eight seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((tries) => backoff(tries, never))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it('is up to half shorter by chance', () => {
    expect(backoff(4, () => 1)).toBe(4000);
  });

  it('reads seconds and dates', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfter('5', now)).toBe(5000);
    expect(retryAfter('Thu, 01 Jan 2026 00:00:10 GMT', now)).toBe(10_000);
    expect(retryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfter('soon', now)).toBeNull();
    expect(retryAfter(null, now)).toBeNull();
  });
});
