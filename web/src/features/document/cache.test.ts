import { describe, expect, it } from 'vitest';
import type { Document, Edition } from '../../lib/api';
import { patchDocument, patchProgress, prependFresh, progressed, removeDocuments, type DocumentList } from './cache';

const edition = (over: Partial<Edition> = {}): Edition => ({
  id: 'e1', state: 'parsing', pages_done: 3, page_count: 10, kind: '', filename: 'a.pdf', size: 1, sha256: null, failure: null,
  thumbnail: false, parsed_at: null, failed_pages: [], failed_page_count: 0, ...over,
});

const doc = (id: string, over: Partial<Document> = {}): Document => ({
  id, library_id: 'l', title: id, authors: [], year: null, doi: null, added_at: '2024-01-01T00:00:00Z', added_by: null,
  updated_at: '2024-01-01T00:00:00Z', trashed_at: null, merged_into: null, ready_edition_id: null, tag_ids: [], collection_ids: [], edition: edition({ id: `e-${id}` }), ...over,
});

const list = (...pages: string[][]): DocumentList => ({
  pages: pages.map((ids, i) => ({ items: ids.map((id) => doc(id)), next_cursor: i < pages.length - 1 ? `c${i}` : null, total: pages.flat().length })),
  pageParams: pages.map((_, i) => (i === 0 ? undefined : `c${i - 1}`)),
});

const ids = (value: DocumentList) => value.pages.map((page) => page.items.map((d) => d.id));

describe('a cached list', () => {
  it('takes a newer document into its row and leaves other pages as they are', () => {
    const before = list(['a', 'b'], ['c']);
    const after = patchDocument(before, doc('c', { title: 'New' }));
    expect(after.pages[1]?.items[0]?.title).toBe('New');
    expect(after.pages[0]).toBe(before.pages[0]);
  });

  it('is the same object when the document is not in it', () => {
    const before = list(['a']);
    expect(patchDocument(before, doc('z'))).toBe(before);
    expect(removeDocuments(before, new Set(['z']))).toBe(before);
  });

  it('loses a document, and one from the total', () => {
    const after = removeDocuments(list(['a', 'b'], ['c']), new Set(['b']));
    expect(ids(after)).toEqual([['a'], ['c']]);
    expect(after.pages.map((page) => page.total)).toEqual([2, 2]);
  });

  it('takes new documents at its head, once', () => {
    const fresh = { items: [doc('n'), doc('a', { title: 'A2' })], next_cursor: 'x', total: 4 };
    const after = prependFresh(list(['a', 'b'], ['c']), fresh);
    expect(after && ids(after)).toEqual([['n', 'a', 'b'], ['c']]);
    expect(after?.pages[0]?.items[1]?.title).toBe('A2');
    expect(after?.pages[1]?.total).toBe(4);
  });

  it('says so when too much is new to be joined', () => {
    const fresh = { items: [doc('x'), doc('y')], next_cursor: 'c', total: 300 };
    expect(prependFresh(list(['a']), fresh)).toBeUndefined();
  });

  it('fills an empty list', () => {
    const after = prependFresh(list([]), { items: [doc('a')], next_cursor: null, total: 1 });
    expect(after && ids(after)).toEqual([['a']]);
  });
});

describe('progress heard from the side', () => {
  const news = { document_id: 'a', edition_id: 'e1', state: 'parsing' as const, pages_done: 5, page_count: 10 };

  it('moves the count forward', () => {
    expect(progressed(edition(), news)?.pages_done).toBe(5);
    expect(progressed(edition({ state: 'queued', pages_done: null }), news)?.state).toBe('parsing');
  });

  it('never moves it back', () => {
    const before = edition({ pages_done: 7 });
    expect(progressed(before, news)).toBe(before);
  });

  it.each(['ready', 'failed'] as const)('does not wake a %s edition', (state) => {
    const before = edition({ state });
    expect(progressed(before, news)).toBe(before);
  });

  it('is not for another edition', () => {
    const before = list(['a']);
    expect(patchProgress(before, news)).toBe(before);
  });
});
