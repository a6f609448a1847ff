import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change, Document } from '../../lib/api';
import { queryKeys, type DocumentListParams } from '../../lib/queryKeys';
import { documentListQuery } from './api';
import type { DocumentList } from './cache';
import { applyDocumentChanges, applyProgress, readProgress } from './live';

const newest: DocumentListParams = { sort: 'added', order: 'desc', q: '', state: 'all', trashed: false };
const key = queryKeys.documentList('l', newest);

const doc = (id: string, over: Partial<Document> = {}): Document => ({
  id, library_id: 'l', title: id, authors: [], year: null, doi: null, added_at: '', added_by: null, updated_at: '', trashed_at: null, merged_into: null, ready_edition_id: null, tag_ids: [], collection_ids: [],
  edition: { id: `e-${id}`, state: 'queued', pages_done: null, page_count: null, kind: '', filename: '', size: 1, sha256: null, failure: null, thumbnail: false, parsed_at: null, failed_pages: [], failed_page_count: 0 },
  ...over,
});

let version = 0;
const change = (object_id: string, op: Change['op']): Change =>
  ({ version: ++version, kind: 'document', object_id, op, actor_id: null, at: '' }) as unknown as Change;

/** A server that holds these documents, newest first. */
function setup(...documents: Document[]) {
  const held = new Map(documents.map((document) => [document.id, document]));
  const asked: string[] = [];
  const answer = (path: string, search: URLSearchParams): [unknown, number] => {
    const id = /^\/api\/documents\/(.+)$/.exec(path)?.[1];
    if (id) {
      const document = held.get(id);
      return document ? [{ ...document, csl: {}, claims: [], role: 'owner' }, 200] : [{ code: 'document_not_found' }, 404];
    }
    const trashed = search.get('trashed') === 'true';
    const items = [...held.values()].filter((document) => (document.trashed_at !== null) === trashed);
    return [{ items, next_cursor: null, total: items.length }, 200];
  };
  const fetch = vi.fn(async (request: Request) => {
    const url = new URL(request.url);
    asked.push(url.pathname);
    const [body, status] = answer(url.pathname, url.searchParams);
    return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  });
  vi.stubGlobal('fetch', fetch);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } });
  const list = () => client.getQueryData<DocumentList>(key)?.pages.flatMap((page) => page.items) ?? [];
  const open = () => client.fetchInfiniteQuery(documentListQuery('l', newest));
  return { client, held, asked, fetch, list, open, apply: (...changes: Change[]) => applyDocumentChanges(client, 'l', changes) };
}

describe('changes of documents', () => {
  let stop: (() => void) | undefined;
  beforeEach(() => {
    version = 0;
  });
  afterEach(() => {
    stop?.();
    stop = undefined;
    vi.unstubAllGlobals();
  });

  it('bring a new state into its row without reading the list again', async () => {
    const { held, list, open, apply, asked } = setup(doc('a'), doc('b'));
    await open();
    held.set('b', doc('b', { title: 'B', edition: { ...doc('b').edition!, state: 'ready', page_count: 3 } }));
    asked.length = 0;
    await apply(change('b', 'state'));
    expect(list()[1]).toMatchObject({ title: 'B', edition: { state: 'ready' } });
    expect(asked).toEqual(['/api/documents/b']);
  });

  it('put a new document first', async () => {
    const { client, held, list, open, apply } = setup(doc('a'));
    await open();
    const before = new Map(held);
    held.clear();
    held.set('n', doc('n'));
    for (const [id, document] of before) held.set(id, document);
    await apply(change('n', 'added'));
    expect(list().map((d) => d.id)).toEqual(['n', 'a']);
    client.clear();
  });

  it('take what was trashed out of the list, and what was purged as well', async () => {
    const { held, list, open, apply } = setup(doc('a'), doc('b'), doc('c'));
    await open();
    held.set('a', doc('a', { trashed_at: '2024-01-01T00:00:00Z' }));
    held.delete('b');
    await apply(change('a', 'trashed'), change('b', 'removed'));
    expect(list().map((d) => d.id)).toEqual(['c']);
  });

  it('bring a restored document back into a list on screen', async () => {
    const { client, held, list, open, apply } = setup(doc('a', { trashed_at: '2024-01-01T00:00:00Z' }), doc('b'));
    await open();
    stop = new InfiniteQueryObserver(client, documentListQuery('l', newest)).subscribe(() => undefined);
    held.set('a', doc('a'));
    await apply(change('a', 'restored'));
    expect(list().map((d) => d.id)).toEqual(['a', 'b']);
  });

  it('are not overwritten by an older answer that was under way', async () => {
    const { client, held, fetch, list, apply } = setup(doc('a'));
    const stale = new Response(JSON.stringify({ items: [doc('a')], next_cursor: null, total: 1 }), {
      headers: { 'Content-Type': 'application/json' },
    });
    let send: (response: Response) => void = () => undefined;
    fetch.mockImplementationOnce(() => new Promise((resolve) => (send = resolve)));
    const opening = client.fetchInfiniteQuery(documentListQuery('l', newest));
    held.set('a', doc('a', { title: 'after' }));
    const applying = apply(change('a', 'changed'));
    await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
    send(stale);
    await Promise.all([opening, applying]);
    expect(list()[0]?.title).toBe('after');
  });

  it('fail as a whole when the server is away, to be tried again', async () => {
    const { fetch, open, apply } = setup(doc('a'));
    await open();
    fetch.mockRejectedValueOnce(new TypeError('failed to fetch'));
    await expect(apply(change('a', 'state'))).rejects.toThrow();
  });
});

describe('news of a parse', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('reaches the row and the open document', async () => {
    const { client, list, open } = setup(doc('a'));
    await open();
    client.setQueryData(queryKeys.document('a'), doc('a'));
    const news = readProgress({ type: 'progress', document_id: 'a', edition_id: 'e-a', state: 'parsing', pages_done: 2, page_count: 9 });
    if (!news) throw new Error('not read');
    applyProgress(client, 'l', news);
    expect(list()[0]?.edition).toMatchObject({ state: 'parsing', pages_done: 2, page_count: 9 });
    expect(client.getQueryData<Document>(queryKeys.document('a'))?.edition?.pages_done).toBe(2);
  });

  it.each([[{}], [{ type: 'version', version: 3 }], [{ type: 'progress', document_id: 1 }]])('is not %j', (message) => {
    expect(readProgress(message)).toBeUndefined();
  });
});
