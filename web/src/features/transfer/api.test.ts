import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../lib/problem';
import { fetchFile, nameIn } from '../../lib/files';
import { exportUrl } from './api';

afterEach(() => vi.unstubAllGlobals());

describe('the name of a file', () => {
  it.each([
    [`attachment; filename="a.md"; filename*=UTF-8''caf%C3%A9%20%E2%80%93%20marks.md`, 'café – marks.md'],
    ['attachment; filename="a \\"b\\".csv"', 'a "b".csv'],
    ['attachment; filename=plain.pdf', 'plain.pdf'],
    [`attachment; filename="safe.pdf"; filename*=UTF-8''%E0%A4%A`, 'safe.pdf'],
    ['attachment', undefined],
    [null, undefined],
  ])('%s', (header, name) => expect(nameIn(header)).toBe(name));
});

describe('an export', () => {
  it('is asked for as it was chosen', () => {
    expect(exportUrl('d', 'e', { format: 'md', group: 'person', withPrivate: true })).toBe(
      '/api/documents/d/annotations/export?format=md&group=person&edition_id=e&private=1',
    );
  });

  it('that the server refuses is its problem, never a file', async () => {
    const problem = { code: 'not_writable', detail: 'This file is encrypted. Choose another format.', title: '' };
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify(problem), { status: 409 }));
    const error = await fetchFile('/x', 'x.pdf', { signal: new AbortController().signal }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toMatchObject({ status: 409, code: 'not_writable', detail: problem.detail });
  });

  it('without an answer says that there was none', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no network')));
    const error = await fetchFile('/x', 'x.pdf', { signal: new AbortController().signal }).catch((e: unknown) => e);
    expect((error as ApiError).problem.code).toBe('offline');
  });
});
