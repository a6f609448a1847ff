/** What the reader asks of the server. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Edition } from '../../lib/api';
import { apiPath } from '../../lib/guest';
import { queryKeys } from '../../lib/queryKeys';

// A file that is parsed anew has another text.
const editionKey = (documentId: string, { id, parsed_at }: Pick<Edition, 'id' | 'parsed_at'>) =>
  [...queryKeys.document(documentId), 'edition', id, parsed_at] as const;

/** The pages' sizes and the outline that the server found. */
export const pageListQuery = (documentId: string, edition: Edition) =>
  queryOptions({
    queryKey: [...editionKey(documentId, edition), 'pages'] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/editions/{edition_id}/pages', { params: { path: { edition_id: edition.id } }, signal })),
  });

/** A page's text with the place of every word. `number` is from 1. */
export const pageTextQuery = (documentId: string, edition: Pick<Edition, 'id' | 'parsed_at'>, number: number) =>
  queryOptions({
    queryKey: [...editionKey(documentId, edition), 'pages', number] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/editions/{edition_id}/pages/{number}', {
          params: { path: { edition_id: edition.id, number } },
          signal,
        }),
      ),
  });

export const fileUrl = (editionId: string) => apiPath(`/api/editions/${encodeURIComponent(editionId)}/file`);
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
