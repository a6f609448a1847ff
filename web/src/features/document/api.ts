import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer, type Document, type DocumentDetail, type DocumentPage, type Edition } from '../../lib/api';
import { queryKeys, type DocumentListParams } from '../../lib/queryKeys';

/** Rows asked for at a time. */
export const pageSize = 200;

export const fetchDocumentPage = (
  libraryId: string,
  params: DocumentListParams,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<DocumentPage> =>
  unwrap(
    api.GET('/api/libraries/{library_id}/documents', {
      signal,
      // tag=a,b: of a name that is there twice only one is read.
      querySerializer: { array: { style: 'form', explode: false } },
      params: {
        path: { library_id: libraryId },
        query: {
          sort: params.sort,
          order: params.order,
          q: params.q || undefined,
          state: params.state === 'failed' ? 'failed' : undefined,
          trashed: params.trashed || undefined,
          tag: params.tag?.split(','),
          collection: params.collection,
          cursor,
          limit: pageSize,
        },
      },
    }),
  );

/** A list of a library's documents, page after page by keyset. */
export const documentListQuery = (libraryId: string, params: DocumentListParams) =>
  infiniteQueryOptions({
    queryKey: queryKeys.documentList(libraryId, params),
    queryFn: ({ pageParam, signal }) => fetchDocumentPage(libraryId, params, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // Thousands of rows: comparing them deeply on each live patch costs frames.
    structuralSharing: false,
  });

/** How many documents of the library have failed. */
export const failedCountQuery = (libraryId: string) =>
  queryOptions({
    queryKey: [...queryKeys.documentLists(libraryId), 'failed-count'] as const,
    queryFn: async ({ signal }) => {
      const page = await unwrap(
        api.GET('/api/libraries/{library_id}/documents', {
          signal,
          params: { path: { library_id: libraryId }, query: { state: 'failed', limit: 1 } },
        }),
      );
      return page.total;
    },
  });

export const documentQuery = (documentId: string) =>
  queryOptions({
    queryKey: queryKeys.document(documentId),
    queryFn: ({ signal }) => fetchDocument(documentId, signal),
  });

export const fetchDocument = (documentId: string, signal?: AbortSignal) =>
  unwrap(api.GET('/api/documents/{document_id}', { signal, params: { path: { document_id: documentId } } }));

const path = (documentId: string) => ({ params: { path: { document_id: documentId } } });

export const renameDocument = (documentId: string, title: string): Promise<DocumentDetail> =>
  unwrap(
    api.PUT('/api/documents/{document_id}/fields/{field}', {
      params: { path: { document_id: documentId, field: 'title' } },
      body: { value: title },
    }),
  );

export const trashDocument = (documentId: string): Promise<Document> =>
  unwrap(api.POST('/api/documents/{document_id}/trash', path(documentId)));

export const restoreDocument = (documentId: string): Promise<Document> =>
  unwrap(api.POST('/api/documents/{document_id}/restore', path(documentId)));

/** For good: document, file, text. Only from the trash. */
export const purgeDocument = async (documentId: string): Promise<void> => {
  await unwrap(api.DELETE('/api/documents/{document_id}', path(documentId)));
};

/** Makes the others' files versions of the one that is kept. Restoring one of the others undoes it. */
export const mergeDocuments = (kept: string, others: string[]): Promise<DocumentDetail> =>
  unwrap(api.POST('/api/documents/{document_id}/merge', { ...path(kept), body: { document_ids: others } }));

export type DuplicateGroup = Answer<'/api/libraries/{library_id}/duplicates', 'get'>['groups'][number];

export const duplicatesQuery = (libraryId: string) =>
  queryOptions({
    queryKey: [...queryKeys.documentLists(libraryId), 'duplicates'] as const,
    queryFn: ({ signal }) => unwrap(api.GET('/api/libraries/{library_id}/duplicates', { signal, params: { path: { library_id: libraryId } } })),
  });

export const keepApart = async (libraryId: string, documentIds: string[], apart: boolean): Promise<void> => {
  await unwrap(
    api.POST('/api/libraries/{library_id}/duplicates/apart', {
      params: { path: { library_id: libraryId } },
      body: { document_ids: documentIds, apart },
    }),
  );
};

/** Makes a file the one that its document shows. */
export const setEditionKind = (editionId: string, kind: Edition['kind']): Promise<Document> =>
  unwrap(api.PUT('/api/editions/{edition_id}/kind', { params: { path: { edition_id: editionId } }, body: { kind } }));

export const preferEdition = (editionId: string): Promise<Document> =>
  unwrap(api.POST('/api/editions/{edition_id}/prefer', { params: { path: { edition_id: editionId } } }));

export const retryEdition = (editionId: string): Promise<Edition> =>
  unwrap(api.POST('/api/editions/{edition_id}/retry', { params: { path: { edition_id: editionId } } }));

export const givePassword = (editionId: string, password: string): Promise<Edition> =>
  unwrap(
    api.POST('/api/editions/{edition_id}/password', { params: { path: { edition_id: editionId } }, body: { password } }),
  );

/** Does `work` for each, six at a time; gives back which failed and why. */
export async function forEachDocument(
  ids: string[],
  work: (id: string) => Promise<unknown>,
): Promise<{ done: string[]; failed: { id: string; error: unknown }[] }> {
  const waiting = [...ids];
  const done: string[] = [];
  const failed: { id: string; error: unknown }[] = [];
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await work(id);
        done.push(id);
      } catch (error) {
        failed.push({ id, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(6, ids.length) }, worker));
  return { done, failed };
}

/** The first few documents whose title or authors match, for the palette. */
export const quickDocumentsQuery = (libraryId: string, q: string) =>
  queryOptions({
    queryKey: [...queryKeys.documentLists(libraryId), 'quick', q] as const,
    queryFn: async ({ signal }) => {
      const page = await unwrap(
        api.GET('/api/libraries/{library_id}/documents', {
          signal,
          params: { path: { library_id: libraryId }, query: { q, limit: 4 } },
        }),
      );
      return page.items;
    },
    enabled: q !== '' && libraryId !== '',
    staleTime: 30_000,
  });

export type EditionEntry = Answer<'/api/documents/{document_id}/editions', 'get'>['items'][number];

/** All files of a document, the newest first. Asked anew when the newest is another one, or stands otherwise. */
export const editionsQuery = (documentId: string, newest: Pick<Edition, 'id' | 'state'> | null | undefined) =>
  queryOptions({
    queryKey: [...queryKeys.document(documentId), 'editions', newest?.id ?? '', newest?.state ?? ''] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/documents/{document_id}/editions', { signal, params: { path: { document_id: documentId } } }))).items,
    placeholderData: keepPreviousData,
  });
