import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer } from '../../lib/api';
import { fetchFile, request, save } from '../../lib/files';
import { queryKeys } from '../../lib/queryKeys';

export type Citations = Answer<'/api/libraries/{library_id}/citations', 'post'>;

export const formats = ['bibtex', 'biblatex', 'ris', 'csljson', 'endnote', 'nbib'] as const;
export type Format = (typeof formats)[number];

export const stylesQuery = queryOptions({
  queryKey: ['citation-styles'] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/citation-styles', { signal }))).items,
  staleTime: Infinity,
});

export const citationsQuery = (libraryId: string, documentIds: readonly string[], style: string) =>
  queryOptions({
    queryKey: ['citations', libraryId, style, ...documentIds] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/libraries/{library_id}/citations', {
          signal,
          params: { path: { library_id: libraryId } },
          body: { document_ids: [...documentIds], style },
        }),
      ),
  });

export const citationKeyQuery = (documentId: string) =>
  queryOptions({
    queryKey: ['citation-key', documentId] as const,
    queryFn: ({ signal }) => unwrap(api.GET('/api/documents/{document_id}/citation-key', { signal, params: { path: { document_id: documentId } } })),
  });

/** An empty key has one made. */
export const setCitationKey = (documentId: string, key: string) =>
  unwrap(api.PUT('/api/documents/{document_id}/citation-key', { params: { path: { document_id: documentId } }, body: { key } }));

export const settingsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: ['citation-settings', libraryId] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/libraries/{library_id}/citation-settings', { signal, params: { path: { library_id: libraryId } } })),
  });

export const setCitationSettings = (libraryId: string, pattern: string, renew: boolean) =>
  unwrap(api.PUT('/api/libraries/{library_id}/citation-settings', { params: { path: { library_id: libraryId } }, body: { pattern, renew } }));

export const exampleKeyQuery = (pattern: string) =>
  queryOptions({
    queryKey: ['citation-key-example', pattern] as const,
    queryFn: ({ signal }) => unwrap(api.GET('/api/citation-keys/example', { signal, params: { query: { pattern } } })),
    staleTime: Infinity,
    retry: false,
  });

/** My addresses of live bibliographies in a library. */
export const addressesQuery = (libraryId: string) =>
  queryOptions({
    queryKey: [...queryKeys.library(libraryId), 'bibliography-addresses'] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/bibliography-addresses', { signal, params: { path: { library_id: libraryId } } }))).items,
    staleTime: 0,
  });

export const makeAddress = (libraryId: string, collectionId: string | undefined) =>
  unwrap(
    api.POST('/api/libraries/{library_id}/bibliography-addresses', {
      params: { path: { library_id: libraryId } },
      body: collectionId ? { collection_id: collectionId } : {},
    }),
  );

export const revokeAddress = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/bibliography-addresses/{address_id}', { params: { path: { address_id: id } } }));
};

const address = (libraryId: string, format: Format): string => `/api/libraries/${libraryId}/bibliography?format=${format}`;

/** How a bibliography of these documents is asked for; of the whole library without them. */
const asking = (documentIds?: readonly string[]): RequestInit =>
  documentIds ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ document_ids: documentIds }) } : {};

export const bibtexText = async (libraryId: string, documentIds: readonly string[]): Promise<string> =>
  (await request(address(libraryId, 'bibtex'), asking(documentIds))).text();

/** Has the browser keep a bibliography as a file, by the name that the server gives it. */
export const saveBibliography = async (libraryId: string, format: Format, documentIds?: readonly string[]): Promise<void> =>
  save(await fetchFile(address(libraryId, format), `bibliography.${format}`, asking(documentIds)));
