/** What happened to saved searches and to what they find, from the change log into the cache. */
import type { QueryClient } from '@tanstack/react-query';
import type { Change } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

/** A count costs a search: of many changes that come one after the other, so long is waited. */
const COUNT_MS = 4000;

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Asks anew for what these changes made stale. */
export async function applySavedSearchChanges(client: QueryClient, libraryId: string, changes: Change[]): Promise<void> {
  const some = (...kinds: Change['kind'][]) => changes.some(({ kind }) => kinds.includes(kind));
  if (some('document', 'annotation', 'tag', 'collection') && !waiting.has(libraryId)) {
    waiting.set(
      libraryId,
      setTimeout(() => {
        waiting.delete(libraryId);
        void client.invalidateQueries({ queryKey: queryKeys.savedSearchCounts(libraryId) });
      }, COUNT_MS),
    );
  }
  // A tag that is gone or back, or a person, breaks a query or mends it.
  if (some('saved_search', 'tag', 'collection', 'member')) {
    await client.invalidateQueries({ queryKey: queryKeys.savedSearches(libraryId) });
  }
}
