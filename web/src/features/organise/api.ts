import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Collection, type OrganisedChange, type Tag, type TagColor } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';

export const tagColors: TagColor[] = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'];

export const tagsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.tags(libraryId),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/tags', { signal, params: { path: { library_id: libraryId } } }))).items,
  });

export const collectionsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.collections(libraryId),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/libraries/{library_id}/collections', { signal, params: { path: { library_id: libraryId } } }))).items,
  });

const inLibrary = (libraryId: string) => ({ path: { library_id: libraryId } });
const ofTag = (id: string) => ({ path: { tag_id: id } });
const ofCollection = (id: string) => ({ path: { collection_id: id } });

export const makeTag = (libraryId: string, name: string, color: TagColor): Promise<Tag> =>
  unwrap(api.POST('/api/libraries/{library_id}/tags', { params: inLibrary(libraryId), body: { name, color } }));

export const changeTag = (id: string, change: { name?: string; color?: TagColor }): Promise<Tag> =>
  unwrap(api.PATCH('/api/tags/{tag_id}', { params: ofTag(id), body: change }));

export const deleteTag = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/tags/{tag_id}', { params: ofTag(id) }));
};

export const restoreTag = (id: string): Promise<Tag> => unwrap(api.POST('/api/tags/{tag_id}/restore', { params: ofTag(id) }));

export const makeCollection = (libraryId: string, name: string, parentId?: string): Promise<Collection> =>
  unwrap(
    api.POST('/api/libraries/{library_id}/collections', {
      params: inLibrary(libraryId),
      body: parentId ? { name, parent_id: parentId } : { name },
    }),
  );

export const renameCollection = (id: string, name: string): Promise<Collection> =>
  unwrap(api.PATCH('/api/collections/{collection_id}', { params: ofCollection(id), body: { name } }));

/** Before another one in the same place, or at the end. */
export const moveCollection = (id: string, parentId: string | null, before?: string): Promise<Collection> =>
  unwrap(
    api.POST('/api/collections/{collection_id}/move', {
      params: ofCollection(id),
      body: { ...(parentId ? { parent_id: parentId } : {}), ...(before ? { before } : {}) },
    }),
  );

export const deleteCollection = async (id: string): Promise<void> => {
  await unwrap(api.DELETE('/api/collections/{collection_id}', { params: ofCollection(id) }));
};

export const restoreCollection = (id: string): Promise<Collection> =>
  unwrap(api.POST('/api/collections/{collection_id}/restore', { params: ofCollection(id) }));

export interface DocumentsChange {
  add?: string[];
  remove?: string[];
}

/** As many documents as one call takes. */
const atOnce = 500;

/** Puts a tag or a collection on documents or takes it off, and gives those that were changed. */
export async function changeDocuments(kind: 'tag' | 'collection', id: string, change: DocumentsChange): Promise<OrganisedChange> {
  const done: OrganisedChange = { added: [], removed: [] };
  const left = [
    ...(change.add ?? []).map((document) => ({ document, to: 'add' as const })),
    ...(change.remove ?? []).map((document) => ({ document, to: 'remove' as const })),
  ];
  while (left.length > 0) {
    const some = left.splice(0, atOnce);
    const body = {
      add: some.filter(({ to }) => to === 'add').map(({ document }) => document),
      remove: some.filter(({ to }) => to === 'remove').map(({ document }) => document),
    };
    const answer = await unwrap(
      kind === 'tag'
        ? api.POST('/api/tags/{tag_id}/documents', { params: ofTag(id), body })
        : api.POST('/api/collections/{collection_id}/documents', { params: ofCollection(id), body }),
    );
    done.added.push(...answer.added);
    done.removed.push(...answer.removed);
  }
  return done;
}
