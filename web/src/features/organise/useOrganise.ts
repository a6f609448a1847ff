import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection, OrganisedChange, Tag, TagColor } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { toast as show, toastError } from '../../ui/toast';
import * as server from './api';
import { patchRows, type DocumentList } from './cache';

// Of this feature's messages one is shown at a time: each offers to take back what was done last.
let last: string | undefined;
const toast: typeof show = (message, options) => (last = show(message, { ...options, replaces: last }));

export type Kind = 'tag' | 'collection';

/** What a person may do with tags and collections: shown at once, each with its way back. */
export function useOrganise(libraryId: string) {
  const client = useQueryClient();
  const { t } = useTranslation('organise');

  return useMemo(() => {
    const lists = {
      queryKey: queryKeys.documentLists(libraryId),
      predicate: (query: { queryKey: readonly unknown[] }) => {
        const params = query.queryKey.at(-1);
        return typeof params === 'object' && params !== null && 'sort' in params;
      },
    };
    const refresh = (kind: Kind, documents: boolean) => {
      void client.invalidateQueries({ queryKey: kind === 'tag' ? queryKeys.tags(libraryId) : queryKeys.collections(libraryId) });
      if (documents) void client.invalidateQueries({ queryKey: queryKeys.documentLists(libraryId) });
    };
    /** Runs it, and says why where it does not work. */
    const attempt = async <T,>(kind: Kind, documents: boolean, work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (error) {
        toastError(error);
        return undefined;
      } finally {
        refresh(kind, documents);
      }
    };

    const put = (kind: Kind, id: string, change: server.DocumentsChange): Promise<OrganisedChange | undefined> =>
      attempt(kind, true, async () => {
        await client.cancelQueries(lists);
        client.setQueriesData<DocumentList>(lists, (list) => list && patchRows(list, kind, id, change));
        return await server.changeDocuments(kind, id, change);
      });

    return {
      /** Puts documents into it, or takes them out, with a way back. */
      put: async (kind: Kind, { id, name }: { id: string; name: string }, change: server.DocumentsChange): Promise<void> => {
        const done = await put(kind, id, change);
        if (!done) return;
        const { added, removed } = done;
        const count = added.length + removed.length;
        if (count === 0) {
          toast(t(`${kind}.already`, { name }));
          return;
        }
        toast(t(added.length > 0 ? `${kind}.added` : `${kind}.removed`, { count, name }), {
          action: { label: t('undo'), run: () => void put(kind, id, { add: removed, remove: added }) },
        });
      },

      /** Throws when it is refused: the form that asks says why. */
      makeTag: async (name: string, color: TagColor): Promise<Tag> => {
        const made = await server.makeTag(libraryId, name, color);
        // In the list before its documents are: a row shows only tags that are known.
        client.setQueryData(server.tagsQuery(libraryId).queryKey, (tags) => tags && [...tags, made]);
        refresh('tag', false);
        return made;
      },

      /** Throws, as makeTag does. */
      makeCollection: async (name: string, parentId?: string): Promise<Collection> => {
        const made = await server.makeCollection(libraryId, name, parentId);
        client.setQueryData(server.collectionsQuery(libraryId).queryKey, (collections) => collections && [...collections, made]);
        refresh('collection', false);
        return made;
      },

      /** Throws, as makeTag does. */
      changeTag: async (tag: Tag, change: { name: string; color: TagColor }): Promise<void> => {
        await server.changeTag(tag.id, change);
        refresh('tag', false);
        toast(t('tag.changed'), {
          action: {
            label: t('undo'),
            run: () => void attempt('tag', false, () => server.changeTag(tag.id, { name: tag.name, color: tag.color })),
          },
        });
      },

      /** Throws, as makeTag does. */
      renameCollection: async (collection: Collection, name: string): Promise<void> => {
        await server.renameCollection(collection.id, name);
        refresh('collection', false);
        toast(t('collection.changed'), {
          action: {
            label: t('undo'),
            run: () => void attempt('collection', false, () => server.renameCollection(collection.id, collection.name)),
          },
        });
      },

      /** Throws, as makeTag does. `next` is what comes after it now, in its place. */
      moveCollection: async (collection: Collection, next: string | undefined, parentId: string | null, before?: string): Promise<void> => {
        await server.moveCollection(collection.id, parentId, before);
        refresh('collection', true);
        toast(t('collection.moved'), {
          action: {
            label: t('undo'),
            run: () => void attempt('collection', true, () => server.moveCollection(collection.id, collection.parent_id, next)),
          },
        });
      },

      remove: async (kind: Kind, { id, name }: { id: string; name: string }): Promise<void> => {
        const done = await attempt(kind, true, async () => {
          await (kind === 'tag' ? server.deleteTag(id) : server.deleteCollection(id));
          return true;
        });
        if (!done) return;
        toast(t(`${kind}.deleted`, { name }), {
          action: {
            label: t('undo'),
            run: () =>
              void attempt<unknown>(kind, true, () => (kind === 'tag' ? server.restoreTag(id) : server.restoreCollection(id))),
          },
        });
      },
    };
  }, [client, libraryId, t]);
}
