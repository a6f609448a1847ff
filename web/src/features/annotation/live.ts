/** What happened to marks, from the change log into the cache. */
import type { QueryClient } from '@tanstack/react-query';
import type { Annotation, Change } from '../../lib/api';
import { problemOf } from '../../lib/problem';
import { fetchAnnotations } from './api';
import { cachedLists, merged } from './cache';

/** Above this many changed marks at once, the list is read again. */
const oneByOne = 100;

/** Waits for answers that were asked for before the changes were known: they may be older. */
async function settled(client: QueryClient, keys: readonly (readonly unknown[])[]): Promise<void> {
  const running = keys
    .flatMap((queryKey) => client.getQueryCache().findAll({ queryKey, exact: true }))
    .filter((query) => query.state.fetchStatus === 'fetching');
  await Promise.allSettled(running.map((query) => query.promise));
}

/** Brings the marks of every document in the cache up to these changes. */
export async function applyAnnotationChanges(client: QueryClient, changes: readonly Change[]): Promise<void> {
  const ids = [...new Set(changes.map((change) => change.object_id))];
  const lists = cachedLists(client);
  await settled(client, lists.map(({ key }) => key));
  await Promise.all(
    lists.map(async ({ key, documentId, editionId, active }) => {
      // The log does not say whose mark it is: one that nobody looks at is read when it is opened.
      if (!active || ids.length > oneByOne) {
        await client.invalidateQueries({ queryKey: key, exact: true, refetchType: active ? 'active' : 'none' });
        return;
      }
      try {
        const items = await fetchAnnotations(documentId, editionId, ids);
        const found = new Set(items.map((item) => item.id));
        const gone = new Set(ids.filter((id) => !found.has(id)));
        client.setQueryData<Annotation[]>(key, (list) => list && merged(list, items, gone, editionId));
      } catch (error) {
        if (problemOf(error).status !== 404) throw error;
        await client.invalidateQueries({ queryKey: key, exact: true });
      }
    }),
  );
}
