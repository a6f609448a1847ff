/** What came and went, into what is known of related papers. */
import type { QueryClient } from '@tanstack/react-query';
import type { Change } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

/** Papers come in hundreds; what is related to the one on screen is asked for once for all that come meanwhile. */
const RELATED_MS = 3000;

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Asks anew for what has to do with the paper on screen. */
export function applyRelatedChanges(client: QueryClient, libraryId: string, changes: Change[]): void {
  const some = changes.some(({ kind, op }) => kind === 'document' && op !== 'added' && op !== 'organised');
  if (!some || waiting.has(libraryId)) return;
  waiting.set(
    libraryId,
    setTimeout(() => {
      waiting.delete(libraryId);
      void client.invalidateQueries({ queryKey: queryKeys.relatives(libraryId) });
      // Which references this library has.
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'document' && queryKey[2] === 'references' });
    }, RELATED_MS),
  );
}
