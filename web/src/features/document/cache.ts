/**
 * Changes to a cached list, as pure functions. Each gives the same object back
 * when there was nothing to do, so that nothing is drawn again.
 */
import type { InfiniteData } from '@tanstack/react-query';
import type { Document, DocumentDetail, DocumentPage, Edition, EditionState } from '../../lib/api';

export type DocumentList = InfiniteData<DocumentPage, string | undefined>;

/** Passing news of a parse, from the live connection. */
export interface Progress {
  document_id: string;
  edition_id: string;
  state: EditionState;
  pages_done: number;
  page_count: number;
}

function mapDocument(list: DocumentList, id: string, change: (document: Document) => Document): DocumentList {
  let changed = false;
  const pages = list.pages.map((page) => {
    const at = page.items.findIndex((document) => document.id === id);
    const before = page.items[at];
    if (!before) return page;
    const after = change(before);
    if (after === before) return page;
    changed = true;
    return { ...page, items: page.items.with(at, after) };
  });
  return changed ? { ...list, pages } : list;
}

/**
 * Puts a newer state of a document in its row. Its page count while it parses
 * is kept: the server tells it live only.
 */
export const patchDocument = (list: DocumentList, document: Document): DocumentList =>
  mapDocument(list, document.id, (before) => ({ ...document, edition: withCounts(document.edition, before.edition) }));

/** A list's row from a document's page: the row holds less. */
export function rowOf(detail: DocumentDetail): Document {
  const { csl: _csl, claims: _claims, role: _role, ...row } = detail;
  return row;
}

/** The edition with the page counts known from before, while the same parse runs. */
export function withCounts(edition: Edition | null, before: Edition | null): Edition | null {
  if (edition?.state !== 'parsing' || before?.state !== 'parsing' || before.id !== edition.id) return edition;
  return {
    ...edition,
    pages_done: edition.pages_done ?? before.pages_done,
    page_count: edition.page_count ?? before.page_count,
  };
}

const order: Record<EditionState, number> = { queued: 0, checking: 1, parsing: 2, failed: 3, ready: 3 };

/**
 * The edition with the news in it. Progress comes out of band: it may be older
 * than what the log has said, so it never takes a finished edition back, nor a
 * count down.
 */
export function progressed(edition: Edition | null, news: Progress): Edition | null {
  if (!edition || edition.id !== news.edition_id) return edition;
  if (order[news.state] < order[edition.state] || order[edition.state] === order.ready) return edition;
  if (edition.state === 'parsing' && (edition.pages_done ?? 0) >= news.pages_done) return edition;
  return { ...edition, state: news.state, pages_done: news.pages_done, page_count: news.page_count };
}

export const patchProgress = (list: DocumentList, news: Progress): DocumentList =>
  mapDocument(list, news.document_id, (document) => {
    const edition = progressed(document.edition, news);
    return edition === document.edition ? document : { ...document, edition };
  });

/** Takes documents out, and out of the total. */
export function removeDocuments(list: DocumentList, ids: ReadonlySet<string>): DocumentList {
  let gone = 0;
  const pages = list.pages.map((page) => {
    const items = page.items.filter((document) => !ids.has(document.id));
    gone += page.items.length - items.length;
    return items.length === page.items.length ? page : { ...page, items };
  });
  if (gone === 0) return list;
  return { ...list, pages: pages.map((page) => ({ ...page, total: Math.max(0, page.total - gone) })) };
}

/**
 * Puts the newest documents before a list that is sorted by when they were
 * added. `fresh` is its first page, asked for anew. Undefined when they do not
 * meet: then the list has to be read again.
 */
export function prependFresh(list: DocumentList, fresh: DocumentPage): DocumentList | undefined {
  const first = list.pages[0];
  if (!first) return undefined;
  const known = new Set(list.pages.flatMap((page) => page.items.map((document) => document.id)));
  const meets = fresh.items.some((document) => known.has(document.id)) || fresh.next_cursor === null;
  if (!meets) return undefined;
  const newer = fresh.items.filter((document) => !known.has(document.id));
  const byId = new Map(fresh.items.map((document) => [document.id, document]));
  const pages = list.pages.map((page, i) => ({
    ...page,
    total: fresh.total,
    items: [...(i === 0 ? newer : []), ...page.items.map((document) => byId.get(document.id) ?? document)],
  }));
  return { ...list, pages };
}
