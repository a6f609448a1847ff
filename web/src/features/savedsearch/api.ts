import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type SavedSearch } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

/** Mine and the shared ones of a library, by name. */
export const savedSearchesQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.savedSearches(libraryId),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/saved-searches', { signal, params: { path: { library_id: libraryId } } }))).items,
    enabled: libraryId !== '',
  });

/** How many documents one finds. It only stands beside the name: what fails is not tried again. */
export const countQuery = ({ id, library_id, query, problem }: SavedSearch) =>
  queryOptions({
    queryKey: queryKeys.savedSearchCount(library_id, id, query),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/saved-searches/{saved_search_id}/count', { signal, params: { path: { saved_search_id: id } } })),
    enabled: problem === null,
    retry: false,
    staleTime: 5 * 60_000,
  });

const one = (id: string) => ({ path: { saved_search_id: id } });

export const makeSearch = (libraryId: string, body: { name: string; query: string; shared: boolean }): Promise<SavedSearch> =>
  unwrap(api.POST('/api/libraries/{library_id}/saved-searches', { params: { path: { library_id: libraryId } }, body }));

export const changeSearch = (id: string, body: { name?: string; query?: string; shared?: boolean }): Promise<SavedSearch> =>
  unwrap(api.PATCH('/api/saved-searches/{saved_search_id}', { params: one(id), body }));

export const deleteSearch = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/saved-searches/{saved_search_id}', { params: one(id) }));
};

export const restoreSearch = (id: string): Promise<SavedSearch> =>
  unwrap(api.POST('/api/saved-searches/{saved_search_id}/restore', { params: one(id) }));

export const putNotices = (id: string, on: boolean): Promise<SavedSearch> =>
  unwrap(api.PUT('/api/saved-searches/{saved_search_id}/notices', { params: one(id), body: { on } }));
