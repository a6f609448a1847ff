/** Copying and moving documents to another library: a job on the server, which is asked how far it has come. */
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer, type Asked } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

export type Relocation = Answer<'/api/relocations/{relocation_id}', 'get'>;
export type NewRelocation = Asked<'/api/libraries/{library_id}/relocations', 'post'>;

export const begin = (fromLibraryId: string, wanted: NewRelocation): Promise<Relocation> =>
  unwrap(api.POST('/api/libraries/{library_id}/relocations', { params: { path: { library_id: fromLibraryId } }, body: wanted }));

export const undo = (id: string): Promise<Relocation> =>
  unwrap(api.POST('/api/relocations/{relocation_id}/undo', { params: { path: { relocation_id: id } } }));

/** Into which collections of the other library they can be put. */
export const collectionsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.collections(libraryId),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/collections', { signal, params: { path: { library_id: libraryId } } }))).items,
  });

const isUnderWay = ({ state }: Relocation): boolean => state === 'running' || state === 'undoing';

/** Asks again until it has ended, a little less often each time; in between it is told how far it is. */
export async function follow(first: Relocation, onProgress: (now: Relocation) => void): Promise<Relocation> {
  let now = first;
  for (let wait = 150; isUnderWay(now); wait = Math.min(1500, wait * 1.5)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    now = await unwrap(api.GET('/api/relocations/{relocation_id}', { params: { path: { relocation_id: first.id } } }));
    if (isUnderWay(now)) onProgress(now);
  }
  return now;
}
