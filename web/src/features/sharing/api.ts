/** Links that something is shared by: their makers' side, and their guests'. */
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Asked, type ShareLink, type ShareVisit } from '../../lib/api';

/** What is shared. */
export type Target = { readonly documentId: string } | { readonly collectionId: string };
export type NewLink = Asked<'/api/documents/{document_id}/links', 'post'>;

const linksKey = (target: Target) => ['links', 'documentId' in target ? target.documentId : target.collectionId] as const;

export const linksQuery = (target: Target) =>
  queryOptions({
    queryKey: linksKey(target),
    queryFn: async ({ signal }): Promise<ShareLink[]> =>
      'documentId' in target
        ? (await unwrap(api.GET('/api/documents/{document_id}/links', { signal, params: { path: { document_id: target.documentId } } }))).items
        : (await unwrap(api.GET('/api/collections/{collection_id}/links', { signal, params: { path: { collection_id: target.collectionId } } })))
            .items,
    // Who else used them is wanted as it is now.
    staleTime: 0,
  });

export const makeLink = (target: Target, body: NewLink) =>
  'documentId' in target
    ? unwrap(api.POST('/api/documents/{document_id}/links', { params: { path: { document_id: target.documentId } }, body }))
    : unwrap(api.POST('/api/collections/{collection_id}/links', { params: { path: { collection_id: target.collectionId } }, body }));

export const revokeLink = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/links/{link_id}', { params: { path: { link_id: id } } }));
};

export const openLink = (secret: string, password: string | undefined) =>
  unwrap(api.POST('/api/links/open', { body: { secret, ...(password ? { password } : {}) } }));

export const visitQuery = () =>
  queryOptions({
    queryKey: ['visit'] as const,
    queryFn: ({ signal }): Promise<ShareVisit> => unwrap(api.GET('/api/visit', { signal })),
    retry: false,
  });

export const sayName = (name: string) => unwrap(api.POST('/api/visit/name', { body: { name } }));
