/** Follows the library on screen and hands its changes to the parts they concern. */
import type { QueryClient } from '@tanstack/react-query';
import { applyAnnotationChanges } from '../../features/annotation/live';
import { applyDocumentChanges, applyProgress, readProgress } from '../../features/document/live';
import { applyOrganisedChanges } from '../../features/organise/live';
import { applySavedSearchChanges } from '../../features/savedsearch/live';
import { applyRelatedChanges } from '../../features/search/live';
import { fetchChanges, libraryListQuery } from '../../features/library/api';
import type { Change } from '../../lib/api';
import { Follower, type Live, type LiveMessage } from '../../lib/live';
import { problemOf } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';

/** How long after a look that failed to look again. */
const RETRY_MS = 3000;

// Per library, how far what is cached has got. Kept while the library is not on
// screen: its cached lists stay, and catch up from there.
let followed = new WeakMap<QueryClient, Map<string, number>>();

/** To be called with the cache's clearing: nothing is at any version then. */
export function forgetVersions(): void {
  followed = new WeakMap();
}

/** Keeps everything cached of one library up to date until the returned function is called. */
export function followLibrary(client: QueryClient, live: Live, libraryId: string): () => void {
  const versions = followed.get(client) ?? new Map<string, number>();
  followed.set(client, versions);
  const listed = client.getQueryData(libraryListQuery().queryKey)?.items.find((library) => library.id === libraryId);
  let retry: ReturnType<typeof setTimeout> | undefined;

  const follower = new Follower<Change>({
    since: versions.get(libraryId) ?? listed?.version ?? 0,
    fetchChanges: (since) => fetchChanges(libraryId, since),
    apply: async (changes) => {
      await applyChanges(client, libraryId, changes);
      versions.set(libraryId, changes.at(-1)?.version ?? 0);
    },
    reset: () => {
      versions.delete(libraryId);
      void client.invalidateQueries();
    },
    onError: (error) => {
      const { status } = problemOf(error);
      if (status === 401) return;
      if (status === 403 || status === 404) {
        void client.invalidateQueries({ queryKey: queryKeys.libraries });
        return;
      }
      clearTimeout(retry);
      retry = setTimeout(() => void follower.look(), RETRY_MS);
    },
  });

  const stop = live.listen(`library:${libraryId}`, {
    onMessage: (message) => {
      // Something was told that did not get here.
      if (message.type === 'resync') {
        void follower.look();
        return;
      }
      const version = readVersion(message);
      if (version !== undefined) {
        void follower.tell(version);
        return;
      }
      const progress = readProgress(message);
      if (progress) applyProgress(client, libraryId, progress);
    },
    onGap: () => void follower.look(),
  });
  void follower.look();
  return () => {
    stop();
    follower.stop();
    clearTimeout(retry);
  };
}

async function applyChanges(client: QueryClient, libraryId: string, changes: Change[]): Promise<void> {
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind);
  const stale = (queryKey: readonly unknown[]) => client.invalidateQueries({ queryKey });
  const work: Promise<unknown>[] = [];
  const documents = of('document');
  if (documents.length > 0) work.push(applyDocumentChanges(client, libraryId, documents));
  const marks = of('annotation');
  if (marks.length > 0) work.push(applyAnnotationChanges(client, marks));
  if (of('member').length > 0) work.push(stale(queryKeys.members(libraryId)), stale(queryKeys.invitations(libraryId)));
  if (of('invitation').length > 0) work.push(stale(queryKeys.invitations(libraryId)));
  if (of('upload').length > 0) work.push(stale(queryKeys.uploads(libraryId)));
  work.push(applyOrganisedChanges(client, libraryId, changes), applySavedSearchChanges(client, libraryId, changes));
  applyRelatedChanges(client, libraryId, changes);
  // Counts, storage, name and my own role stand in the list of libraries.
  const counted = documents.some(({ op }) => op !== 'changed' && op !== 'state' && op !== 'organised');
  if (counted || of('library').length > 0 || of('member').length > 0) work.push(stale(queryKeys.libraries));
  if (documents.length > 0) work.push(stale(queryKeys.searches));
  if (changes.some(({ kind }) => kind !== 'upload' && kind !== 'invitation')) work.push(stale(queryKeys.activities));
  // A mark that is gone, or back, goes and comes with what was told of it.
  if (changes.some(({ op }) => op === 'removed' || op === 'restored' || op === 'trashed')) work.push(stale(queryKeys.notifications));
  await Promise.all(work);
}

function readVersion(message: LiveMessage): number | undefined {
  return message.type === 'version' && typeof message.version === 'number' ? message.version : undefined;
}
