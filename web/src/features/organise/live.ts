/** What happened to tags and collections, from the change log into the cache. */
import type { QueryClient } from '@tanstack/react-query';
import type { Change } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

/** Asks anew for what these changes made stale. */
export async function applyOrganisedChanges(client: QueryClient, libraryId: string, changes: Change[]): Promise<void> {
  const some = (test: (change: Change) => boolean) => changes.some(test);
  // Documents that come and go are counted with their tags and collections.
  const counts = some(({ kind, op }) => kind === 'document' && op !== 'added' && op !== 'changed' && op !== 'state');
  const tags = some(({ kind }) => kind === 'tag');
  const collections = some(({ kind }) => kind === 'collection');
  // A tag that is gone or back, or a collection somewhere else, is another list of documents.
  const lists = some(
    ({ kind, op }) =>
      (kind === 'tag' && (op === 'removed' || op === 'restored')) || (kind === 'collection' && op !== 'added'),
  );
  const stale: (readonly unknown[])[] = [];
  if (counts || tags) stale.push(queryKeys.tags(libraryId));
  if (counts || collections) stale.push(queryKeys.collections(libraryId));
  if (lists) stale.push(queryKeys.documentLists(libraryId));
  await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
}
