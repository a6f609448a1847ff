/** What the reader asks of the server. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

// Below the document's own key: when the document changes, its text is asked for again.
const editionKey = (documentId: string, editionId: string) =>
  [...queryKeys.document(documentId), 'edition', editionId] as const;

export const documentQuery = (documentId: string) =>
  queryOptions({
    queryKey: queryKeys.document(documentId),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/documents/{document_id}', { params: { path: { document_id: documentId } }, signal })),
  });

/** The pages' sizes and the outline that the server found. */
export const pageListQuery = (documentId: string, editionId: string) =>
  queryOptions({
    queryKey: [...editionKey(documentId, editionId), 'pages'] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/editions/{edition_id}/pages', { params: { path: { edition_id: editionId } }, signal })),
  });

/** A page's text with the place of every word. `number` is from 1. */
export const pageTextQuery = (documentId: string, editionId: string, number: number) =>
  queryOptions({
    queryKey: [...editionKey(documentId, editionId), 'pages', number] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/editions/{edition_id}/pages/{number}', {
          params: { path: { edition_id: editionId, number } },
          signal,
        }),
      ),
  });

export const fileUrl = (editionId: string) => `/api/editions/${encodeURIComponent(editionId)}/file`;
export const downloadUrl = (editionId: string) => `${fileUrl(editionId)}?download=1`;

/** Gives the server a password that is known to open the file, so that it reads the text too. */
export function useSendPassword(documentId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ editionId, password }: { editionId: string; password: string }) =>
      unwrap(
        api.POST('/api/editions/{edition_id}/password', {
          params: { path: { edition_id: editionId } },
          body: { password },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.document(documentId), exact: true }),
  });
}

/** Asks the server to parse the file once more. */
export function useRetry(documentId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (editionId: string) =>
      unwrap(api.POST('/api/editions/{edition_id}/retry', { params: { path: { edition_id: editionId } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.document(documentId), exact: true }),
  });
}
