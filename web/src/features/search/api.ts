import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

/** Hits by rank, page after page. `libraryId` undefined: every library one is in. */
export const searchQuery = (q: string, libraryId: string | undefined) =>
  infiniteQueryOptions({
    queryKey: queryKeys.search(q, libraryId),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/search', { signal, params: { query: { q, library_id: libraryId, limit: 40, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: q !== '',
    staleTime: 30_000,
  });

/** The first few hits, for the palette. */
export const quickSearchQuery = (q: string, libraryId: string | undefined) =>
  queryOptions({
    queryKey: [...queryKeys.search(q, libraryId), 'quick'] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/search', { signal, params: { query: { q, library_id: libraryId, limit: 5, typing: true } } })),
    enabled: q !== '',
    staleTime: 30_000,
  });

/** What has to do with a document, of its library. */
export const relatedQuery = (libraryId: string, documentId: string) =>
  queryOptions({
    queryKey: queryKeys.related(libraryId, documentId),
    queryFn: ({ signal }) => unwrap(api.GET('/api/documents/{document_id}/related', { signal, params: { path: { document_id: documentId } } })),
    staleTime: 60_000,
  });

export const pageTextQuery = (editionId: string, number: number) =>
  queryOptions({
    queryKey: ['edition', editionId, 'page', number] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/editions/{edition_id}/pages/{number}', { signal, params: { path: { edition_id: editionId, number } } }),
      ),
  });
