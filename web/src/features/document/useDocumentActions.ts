import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document, DocumentDetail, Edition } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { announce } from '../../ui/announce';
import { toast, toastError, toastReason } from '../../ui/toast';
import { forEachDocument, mergeDocuments, preferEdition, purgeDocument, renameDocument, restoreDocument, retryEdition, setEditionKind, trashDocument } from './api';
import { patchDocument, removeDocuments, rowOf, type DocumentList } from './cache';

/** What a person may do to documents: shown at once, taken back when refused. */
export function useDocumentActions(libraryId: string) {
  const client = useQueryClient();
  const { t } = useTranslation('document');

  return useMemo(() => {
    const lists = { queryKey: queryKeys.documentLists(libraryId), predicate: (query: { queryKey: readonly unknown[] }) => typeof query.queryKey.at(-1) === 'object' };
    const inLists = (change: (list: DocumentList) => DocumentList) =>
      client.setQueriesData<DocumentList>(lists, (list) => list && change(list));
    const refresh = () => {
      void client.invalidateQueries({ queryKey: queryKeys.documentLists(libraryId) });
      void client.invalidateQueries({ queryKey: queryKeys.libraries });
    };

    /** The same for many, gone from the list at once; what is refused comes back. */
    const takeOut = async (ids: string[], work: (id: string) => Promise<unknown>): Promise<string[]> => {
      await client.cancelQueries(lists);
      const before = client.getQueriesData<DocumentList>(lists);
      inLists((list) => removeDocuments(list, new Set(ids)));
      const { done, failed } = await forEachDocument(ids, work);
      if (failed[0]) {
        const gone = new Set(done);
        for (const [key, list] of before) client.setQueryData(key, list && removeDocuments(list, gone));
        toastReason(failed[0].error, (reason) => (failed.length === 1 ? reason : t('some.failed', { n: failed.length, reason })));
      }
      refresh();
      return done;
    };

    const restore = async (ids: string[]): Promise<void> => {
      const { done, failed } = await forEachDocument(ids, restoreDocument);
      if (failed[0]) toastError(failed[0].error);
      if (done.length > 0) announce(t('done.restored', { count: done.length }));
      refresh();
    };

    const patchEdition = (document: Document, edition: Edition): void => {
      inLists((list) => patchDocument(list, { ...document, edition }));
      client.setQueryData<DocumentDetail>(queryKeys.document(document.id), (detail) => detail && { ...detail, edition });
    };

    const keep = (detail: DocumentDetail): void => {
      inLists((list) => patchDocument(list, rowOf(detail)));
      client.setQueryData(queryKeys.document(detail.id), detail);
    };

    /** Changes a file of a document, which may then show another. */
    const ofEdition = async (work: () => Promise<Document>, done: string): Promise<void> => {
      try {
        const document = await work();
        inLists((list) => patchDocument(list, document));
        await client.invalidateQueries({ queryKey: queryKeys.document(document.id) });
        announce(done);
      } catch (error) {
        toastError(error);
      }
    };

    return {
      patchEdition,

      merge: async (kept: string, others: string[]): Promise<void> => {
        try {
          const detail = await mergeDocuments(kept, others);
          inLists((list) => removeDocuments(list, new Set(others)));
          keep(detail);
          toast(t('done.merged', { count: others.length, title: detail.title }), { action: { label: t('undo'), run: () => void restore(others) } });
        } catch (error) {
          toastError(error);
        }
        refresh();
      },

      mergeAll: async (groups: { kept: string; others: string[] }[]): Promise<void> => {
        const others = new Map(groups.map((group) => [group.kept, group.others]));
        const { done, failed } = await forEachDocument([...others.keys()], async (kept) => keep(await mergeDocuments(kept, others.get(kept) ?? [])));
        const gone = done.flatMap((kept) => others.get(kept) ?? []);
        inLists((list) => removeDocuments(list, new Set(gone)));
        if (failed[0]) toastReason(failed[0].error, (reason) => t('some.failed', { n: failed.length, reason }));
        if (done.length > 0) {
          toast(t('done.mergedAll', { count: done.length, n: done.length }), { action: { label: t('undo'), run: () => void restore(gone) } });
        }
        refresh();
      },

      /** Makes a file the one that its document shows. */
      prefer: ({ id, filename }: Pick<Edition, 'id' | 'filename'>): Promise<void> =>
        ofEdition(() => preferEdition(id), t('done.preferred', { name: filename })),

      /** Says what a file is of its work. */
      setKind: ({ id, filename }: Pick<Edition, 'id' | 'filename'>, kind: Edition['kind']): Promise<void> =>
        ofEdition(() => setEditionKind(id, kind), t('done.kind', { name: filename, kind: t(`editions.kind.${kind || 'none'}`) })),

      trash: async (ids: string[]): Promise<void> => {
        const done = await takeOut(ids, trashDocument);
        if (done.length === 0) return;
        toast(t('done.trashed', { count: done.length }), { action: { label: t('undo'), run: () => void restore(done) } });
      },

      restore: async (ids: string[]): Promise<void> => {
        const done = await takeOut(ids, restoreDocument);
        if (done.length > 0) toast(t('done.restored', { count: done.length }));
      },

      purge: async (ids: string[]): Promise<void> => {
        const done = await takeOut(ids, purgeDocument);
        if (done.length > 0) toast(t('done.purged', { count: done.length }));
      },

      retry: async (document: Document): Promise<void> => {
        if (!document.edition) return;
        try {
          patchEdition(document, await retryEdition(document.edition.id));
          announce(t('done.retried', { title: document.title }));
        } catch (error) {
          toastError(error);
        }
      },

      rename: async (document: Document, title: string): Promise<void> => {
        inLists((list) => patchDocument(list, { ...document, title }));
        try {
          const renamed = await renameDocument(document.id, title);
          inLists((list) => patchDocument(list, rowOf(renamed)));
          client.setQueryData<DocumentDetail>(queryKeys.document(document.id), (detail) => detail && renamed);
        } catch (error) {
          inLists((list) => patchDocument(list, document));
          toastError(error);
        }
      },
    };
  }, [client, libraryId, t]);
}
