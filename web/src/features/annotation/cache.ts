/** Marks in the cache: one list for each edition of a document that is looked at. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Annotation } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

export interface CachedList {
  readonly key: QueryKey;
  readonly documentId: string;
  readonly editionId: string;
  readonly active: boolean;
}

/** The lists in the cache; of one document, or all. */
export function cachedLists(client: QueryClient, documentId?: string): CachedList[] {
  return client
    .getQueryCache()
    .findAll({ queryKey: documentId ? queryKeys.annotations(documentId) : queryKeys.documents })
    .flatMap((query) => {
      const [, document, what, edition] = query.queryKey;
      if (what !== 'annotations' || typeof document !== 'string' || typeof edition !== 'string') return [];
      return query.state.data
        ? [{ key: query.queryKey, documentId: document, editionId: edition, active: query.isActive() }]
        : [];
    });
}

/**
 * The list with newer states of these marks put in, and those in `gone` taken out.
 * An older state than the one that is known changes nothing.
 */
export function merged(
  list: readonly Annotation[],
  items: readonly Annotation[],
  gone: ReadonlySet<string>,
  editionId: string,
): Annotation[] {
  const fresh = new Map(items.map((item) => [item.id, item]));
  const out: Annotation[] = [];
  for (const before of list) {
    const item = fresh.get(before.id);
    fresh.delete(before.id);
    if (gone.has(before.id) || (item && item.deleted_at !== null)) continue;
    if (!item || item.updated_at < before.updated_at) out.push(before);
    else out.push(item.anchor.edition_id === editionId ? item : { ...item, anchor: before.anchor });
  }
  for (const item of fresh.values()) {
    if (gone.has(item.id) || item.deleted_at !== null) continue;
    const part = item.anchor.parts[0];
    // Among its page's marks at the right place by text; the next full reading has the server's order.
    const at = part
      ? out.findIndex((other) => {
          const next = other.anchor.parts[0];
          if (!next) return true;
          if (next.page !== part.page) return next.page > part.page;
          return next.start !== null && part.start !== null && next.start > part.start;
        })
      : -1;
    out.splice(at < 0 ? out.length : at, 0, item);
  }
  return out;
}

/** Puts the server's newest word on a mark into every list that shows its document. */
export function putMark(client: QueryClient, item: Annotation): void {
  for (const { key, editionId } of cachedLists(client, item.document_id)) {
    client.setQueryData<Annotation[]>(key, (list) => list && merged(list, [item], new Set(), editionId));
  }
}

export function dropMark(client: QueryClient, documentId: string, markId: string): void {
  for (const { key, editionId } of cachedLists(client, documentId)) {
    client.setQueryData<Annotation[]>(key, (list) => list && merged(list, [], new Set([markId]), editionId));
  }
}
