/** Which library the page on screen belongs to. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { createContext, useContext, useEffect, type ReactNode } from 'react';
import { documentQuery } from '../features/document/api';
import { libraryListQuery } from '../features/library/api';
import type { Library } from '../lib/api';
import { rememberedLibrary, rememberLibrary } from './lastLibrary';

const Context = createContext<Library | undefined>(undefined);

/** Undefined where the address names a library one is not in, or a document not read yet. */
export const useCurrentLibrary = (): Library | undefined => useContext(Context);

export function CurrentLibraryProvider({ children }: { children: ReactNode }) {
  const libraries = useSuspenseQuery(libraryListQuery()).data.items;
  const params = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const documentId = params.documentId ?? '';
  const document = useQuery({ ...documentQuery(documentId), enabled: documentId !== '' }).data;
  const byId = (id: string | null | undefined) => libraries.find((library) => library.id === id);

  let library: Library | undefined;
  if (params.libraryId) library = byId(params.libraryId);
  else if (documentId) library = byId(document?.library_id);
  else library = byId('library' in search ? search.library : undefined) ?? byId(rememberedLibrary()) ?? libraries[0];

  const id = library?.id;
  useEffect(() => {
    if (id) rememberLibrary(id);
  }, [id]);
  return <Context value={library}>{children}</Context>;
}
