import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import type { Change } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { applyOrganisedChanges } from './live';

const change = (kind: Change['kind'], op: Change['op']): Change => ({ version: 1, kind, op, object_id: 'x', actor_id: null, at: '' });

/** Which of the three is asked for anew. */
async function stale(...changes: Change[]): Promise<string[]> {
  const client = new QueryClient();
  const keys = { tags: queryKeys.tags('l'), collections: queryKeys.collections('l'), lists: queryKeys.documentLists('l') };
  for (const key of Object.values(keys)) client.setQueryData(key, []);
  await applyOrganisedChanges(client, 'l', changes);
  return Object.entries(keys).flatMap(([name, key]) => (client.getQueryState(key)?.isInvalidated ? [name] : []));
}

it('asks anew only for what a change made stale', async () => {
  expect(await stale(change('tag', 'added'))).toEqual(['tags']);
  expect(await stale(change('tag', 'removed'))).toEqual(['tags', 'lists']);
  expect(await stale(change('collection', 'changed'))).toEqual(['collections', 'lists']);
  expect(await stale(change('document', 'organised'))).toEqual(['tags', 'collections']);
  expect(await stale(change('document', 'trashed'))).toEqual(['tags', 'collections']);
  expect(await stale(change('document', 'state'), change('document', 'added'), change('annotation', 'added'))).toEqual([]);
});
