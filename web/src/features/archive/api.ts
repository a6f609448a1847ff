import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

export type Archive = Answer<'/api/archives/{archive_id}', 'get'>;

/** How often one that is being prepared is asked for, in milliseconds. */
const POLL_MS = 500;

const archivesKey = (libraryId: string) => [...queryKeys.library(libraryId), 'archives'] as const;

/** One's own newest archives of a library, asked for again and again while one is being prepared. */
export const archivesQuery = (libraryId: string) =>
  queryOptions({
    queryKey: archivesKey(libraryId),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/archives', { signal, params: { path: { library_id: libraryId } } }))).items,
    refetchInterval: (query) => (query.state.data?.some(({ state }) => state === 'preparing') ? POLL_MS : false),
    staleTime: 0,
  });

export const beginArchive = (libraryId: string, withPrivate: boolean): Promise<Archive> =>
  unwrap(api.POST('/api/libraries/{library_id}/archives', { params: { path: { library_id: libraryId } }, body: { private: withPrivate } }));

export const discardArchive = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/archives/{archive_id}', { params: { path: { archive_id: id } } }));
};

/**
 * Has the browser fetch the ZIP, which may be larger than memory and goes on where it
 * broke off. Asked for first, because a link would save the server's problem as if it
 * were the file.
 */
export async function download(id: string): Promise<void> {
  await unwrap(api.GET('/api/archives/{archive_id}', { params: { path: { archive_id: id } } }));
  const link = document.createElement('a');
  link.href = `/api/archives/${encodeURIComponent(id)}/file`;
  link.download = '';
  link.click();
}
