import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer, type Edition } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

export type Reference = Answer<'/api/editions/{edition_id}/references', 'get'>['items'][number];

/** The works that a file's list of references names. A file that is parsed anew has another list. */
export const referencesQuery = (documentId: string, { id, parsed_at, state }: Pick<Edition, 'id' | 'parsed_at' | 'state'>) =>
  queryOptions({
    queryKey: [...queryKeys.document(documentId), 'references', id, parsed_at] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/editions/{edition_id}/references', { params: { path: { edition_id: id } }, signal }))).items,
    enabled: state === 'ready',
    staleTime: 60_000,
  });
