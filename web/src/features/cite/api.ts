import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer } from '../../lib/api';
import { ApiError, problemFrom } from '../../lib/problem';

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

/** A bibliography of these documents; of the whole library without them. */
async function bibliography(libraryId: string, format: Format, documentIds?: readonly string[]): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(
      address(libraryId, format),
      documentIds
        ? { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ document_ids: documentIds }) }
        : { credentials: 'same-origin' },
    );
  } catch (cause) {
    throw new ApiError({ status: 0, code: 'offline', title: 'Offline', detail: '' }, { cause });
  }
  if (!response.ok) throw new ApiError(problemFrom(await response.text(), response.status));
  return response;
}

export const bibtexText = async (libraryId: string, documentIds: readonly string[]): Promise<string> =>
  (await bibliography(libraryId, 'bibtex', documentIds)).text();

/** Has the browser keep a bibliography as a file, by the name that the server gives it. */
export async function saveBibliography(libraryId: string, format: Format, documentIds?: readonly string[]): Promise<void> {
  const response = await bibliography(libraryId, format, documentIds);
  const name = /filename\*=UTF-8''([^;]+)/i.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name ? decodeURIComponent(name) : `bibliography.${format}`;
  link.click();
  // After the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
