/** What happened to documents, from the change log into the cache. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Change, DocumentDetail } from '../../lib/api';
import { problemOf } from '../../lib/problem';
import { queryKeys, type DocumentListParams } from '../../lib/queryKeys';
import { fetchDocument, fetchDocumentPage } from './api';
import { patchDocument, patchProgress, prependFresh, progressed, removeDocuments, rowOf, withCounts, type DocumentList, type Progress } from './cache';

/** Above this many changed documents at once, lists are read again instead. */
const oneByOne = 25;

const isParams = (value: unknown): value is DocumentListParams =>
  typeof value === 'object' && value !== null && 'sort' in value;

interface CachedList {
  key: QueryKey;
  params: DocumentListParams;
}

function cachedLists(client: QueryClient, libraryId: string): CachedList[] {
  return client
    .getQueryCache()
    .findAll({ queryKey: queryKeys.documentLists(libraryId) })
    .flatMap((query) => {
      const params = query.queryKey.at(-1);
      return isParams(params) && query.state.data ? [{ key: query.queryKey, params }] : [];
    });
}

/**
 * Waits for answers that were asked for before the changes were known: they may
 * be older, and would overwrite what is put in the cache now.
 */
async function settled(client: QueryClient, keys: QueryKey[]): Promise<void> {
  const running = keys
    .flatMap((queryKey) => client.getQueryCache().findAll({ queryKey }))
    .filter((query) => query.state.fetchStatus === 'fetching');
  await Promise.allSettled(running.map((query) => query.promise));
}

/** Brings every cached list and page up to these changes, oldest first. */
export async function applyDocumentChanges(client: QueryClient, libraryId: string, changes: Change[]): Promise<void> {
  const ops = new Map<string, Set<string>>();
  for (const { object_id, op } of changes) ops.set(object_id, (ops.get(object_id) ?? new Set()).add(op));
  const ids = [...ops.keys()];
  const had = (op: string) => ids.some((id) => ops.get(id)?.has(op));

  if (ids.length > oneByOne) {
    await Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.documentLists(libraryId) }),
      ...ids.map((id) => client.invalidateQueries({ queryKey: queryKeys.document(id) })),
    ]);
    return;
  }

  await settled(client, [queryKeys.documentLists(libraryId), ...ids.map(queryKeys.document)]);
  const gone = new Set<string>();
  await Promise.all(
    ids.map(async (id) => {
      try {
        const document = await fetchDocument(id);
        client.setQueryData<DocumentDetail>(
          queryKeys.document(id),
          (before) => before && { ...document, edition: withCounts(document.edition, before.edition) },
        );
        for (const { key, params } of cachedLists(client, libraryId)) {
          // One that went to another library is there still, and not in this one's lists.
          const belongs = document.library_id === libraryId && params.trashed === (document.trashed_at !== null);
          client.setQueryData<DocumentList>(key, (list) =>
            list && (belongs ? patchDocument(list, rowOf(document)) : removeDocuments(list, new Set([id]))),
          );
        }
      } catch (error) {
        if (problemOf(error).status !== 404) throw error;
        gone.add(id);
      }
    }),
  );
  for (const id of gone) void client.invalidateQueries({ queryKey: queryKeys.document(id) });

  const again: QueryKey[] = [];
  for (const { key, params } of cachedLists(client, libraryId)) {
    if (gone.size > 0) client.setQueryData<DocumentList>(key, (list) => list && removeDocuments(list, gone));
    const moved =
      (params.trashed && had('trashed')) ||
      (!params.trashed && had('restored')) ||
      (params.sort !== 'added' && had('changed')) ||
      (params.q !== '' && (had('changed') || had('added'))) ||
      (params.state === 'failed' && had('state')) ||
      ((params.tag !== undefined || params.collection !== undefined) && (had('organised') || had('restored'))) ||
      (params.sort !== 'added' && had('added'));
    if (moved && !(params.trashed && !had('trashed') && !had('restored'))) again.push(key);
    else if (!params.trashed && had('added')) {
      const stale = await freshenHead(client, libraryId, key, params);
      if (stale) again.push(key);
    }
  }
  again.push([...queryKeys.documentLists(libraryId), 'failed-count']);
  await Promise.all(again.map((queryKey) => client.invalidateQueries({ queryKey, exact: true })));
}

/** New documents at the head of a newest-first list; true when that cannot be done. */
async function freshenHead(client: QueryClient, libraryId: string, key: QueryKey, params: DocumentListParams): Promise<boolean> {
  if (params.order !== 'desc' || params.state !== 'all' || params.tag !== undefined || params.collection !== undefined) return true;
  const fresh = await fetchDocumentPage(libraryId, params, undefined);
  let merged = true;
  client.setQueryData<DocumentList>(key, (list) => {
    const next = list && prependFresh(list, fresh);
    merged = next !== undefined;
    return next ?? list;
  });
  return !merged;
}

/** Page counts of a running parse, into every list and page that shows the document. */
export function applyProgress(client: QueryClient, libraryId: string, news: Progress): void {
  for (const { key } of cachedLists(client, libraryId)) {
    client.setQueryData<DocumentList>(key, (list) => list && patchProgress(list, news));
  }
  client.setQueryData<DocumentDetail>(queryKeys.document(news.document_id), (detail) => {
    if (!detail) return detail;
    const edition = progressed(detail.edition, news);
    return edition === detail.edition ? detail : { ...detail, edition };
  });
}

/** Reads a live message; undefined when it is not news of a parse. */
export function readProgress(message: Record<string, unknown>): Progress | undefined {
  const { type, document_id, edition_id, state, pages_done, page_count } = message;
  if (type !== 'progress' || typeof document_id !== 'string' || typeof edition_id !== 'string') return undefined;
  if (state !== 'queued' && state !== 'checking' && state !== 'parsing' && state !== 'ready' && state !== 'failed') return undefined;
  if (typeof pages_done !== 'number' || typeof page_count !== 'number') return undefined;
  return { document_id, edition_id, state, pages_done, page_count };
}
