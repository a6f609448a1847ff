import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Answer } from '../../lib/api';
import { send } from '../../lib/files';
import { queryKeys } from '../../lib/queryKeys';
import { sendings } from './sending';

export type Import = Answer<'/api/imports/{import_id}', 'get'>;

/** Files that are taken for bibliographies, or for archives of them, and not for papers. */
export const isBibliography = (name: string): boolean => /\.(bib|bibtex|ris|nbib|json|xml|rdf|zip)$/i.test(name);

/** Whether something goes on with it without the person. */
export const isBusy = ({ state }: Import): boolean => state === 'checking' || state === 'running';

/** How often what goes on is asked for, in milliseconds. */
const POLL_MS = 700;

/** One's own newest imports, asked for again and again while something goes on. */
export const importsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: [...queryKeys.library(libraryId), 'imports'] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/imports', { signal, params: { path: { library_id: libraryId } } }))).items,
    refetchInterval: (query) => (query.state.data?.some(isBusy) ? POLL_MS : false),
  });

/** Sends a file, which is then looked through. What is under way is among `sendings`. */
export async function beginImport(libraryId: string, file: File): Promise<Import> {
  const url = `/api/libraries/${encodeURIComponent(libraryId)}/imports?filename=${encodeURIComponent(file.name)}`;
  const sending = sendings.begin(libraryId, file);
  try {
    return JSON.parse(await send(url, file, (sent) => sendings.tell(sending, sent))) as Import;
  } finally {
    sendings.end(sending);
  }
}

const path = (id: string) => ({ params: { path: { import_id: id } } });

/** Folders of an archive become collections when `folders` is set. */
export const runImport = (id: string, folders: boolean): Promise<Import> =>
  unwrap(api.POST('/api/imports/{import_id}/run', { params: { path: { import_id: id }, query: { folders } } }));

/** Moves what came in to the trash. */
export const undoImport = (id: string): Promise<Import> => unwrap(api.POST('/api/imports/{import_id}/undo', path(id)));

export const discardImport = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/imports/{import_id}', path(id)));
};
