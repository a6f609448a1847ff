import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer } from '../../lib/api';
import { fetchFile, request, save } from '../../lib/files';

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

const address = (libraryId: string, format: Format): string => `/api/libraries/${libraryId}/bibliography?format=${format}`;

/** How a bibliography of these documents is asked for; of the whole library without them. */
const asking = (documentIds?: readonly string[]): RequestInit =>
  documentIds ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ document_ids: documentIds }) } : {};

export const bibtexText = async (libraryId: string, documentIds: readonly string[]): Promise<string> =>
  (await request(address(libraryId, 'bibtex'), asking(documentIds))).text();

/** Has the browser keep a bibliography as a file, by the name that the server gives it. */
export const saveBibliography = async (libraryId: string, format: Format, documentIds?: readonly string[]): Promise<void> =>
  save(await fetchFile(address(libraryId, format), `bibliography.${format}`, asking(documentIds)));
