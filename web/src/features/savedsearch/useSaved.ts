import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedSearch } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { toast as show, toastError } from '../../ui/toast';
import * as server from './api';

// One message at a time: each offers to take back what was done last.
let last: string | undefined;
const toast: typeof show = (message, options) => (last = show(message, { ...options, replaces: last }));

/** What a person may do with saved searches, each with its way back. */
export function useSaved(libraryId: string) {
  const client = useQueryClient();
  const { t } = useTranslation('savedsearch');
  return useMemo(() => {
    const { queryKey } = server.savedSearchesQuery(libraryId);
    const refresh = () => void client.invalidateQueries({ queryKey: queryKeys.savedSearches(libraryId) });
    /** In the list at once. */
    const put = (saved: SavedSearch) =>
      client.setQueryData(queryKey, (list) =>
        list?.some(({ id }) => id === saved.id) ? list.map((one) => (one.id === saved.id ? saved : one)) : list && [...list, saved],
      );
    const attempt = async <T,>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (error) {
        toastError(error);
        return undefined;
      } finally {
        refresh();
      }
    };
    const undo = (work: () => Promise<unknown>) => ({ action: { label: t('undo'), run: () => void attempt(work) } });

    return {
      /** Throws when it is refused: the form that asks says why. */
      make: async (name: string, query: string, shared: boolean, notices: boolean): Promise<SavedSearch> => {
        let made = await server.makeSearch(libraryId, { name, query, shared });
        put(made);
        if (notices) made = (await attempt(() => server.putNotices(made.id, true))) ?? made;
        put(made);
        refresh();
        toast(t('made', { name: made.name }), undo(() => server.deleteSearch(made.id)));
        return made;
      },

      /** Throws, as make does. */
      rename: async (saved: SavedSearch, name: string): Promise<void> => {
        put(await server.changeSearch(saved.id, { name }));
        refresh();
        toast(t('renamed'), undo(() => server.changeSearch(saved.id, { name: saved.name })));
      },

      /** Keeps another query under the same name. */
      edit: async (saved: SavedSearch, query: string): Promise<void> => {
        const done = await attempt(() => server.changeSearch(saved.id, { query }));
        if (!done) return;
        put(done);
        // A query that was broken cannot be put back.
        toast(t('edited', { name: saved.name }), saved.problem ? {} : undo(() => server.changeSearch(saved.id, { query: saved.query })));
      },

      share: async (saved: SavedSearch, shared: boolean): Promise<void> => {
        const done = await attempt(() => server.changeSearch(saved.id, { shared }));
        if (!done) return;
        toast(t(shared ? 'shared' : 'unshared', { name: saved.name }), undo(() => server.changeSearch(saved.id, { shared: !shared })));
      },

      notices: async (saved: SavedSearch, on: boolean): Promise<void> => {
        const done = await attempt(() => server.putNotices(saved.id, on));
        if (!done) return;
        put(done);
        toast(t(on ? 'noticesOn' : 'noticesOff', { name: saved.name }));
      },

      remove: async (saved: SavedSearch): Promise<void> => {
        const done = await attempt(async () => {
          await server.deleteSearch(saved.id);
          return true;
        });
        if (done) toast(t('deleted', { name: saved.name }), undo(() => server.restoreSearch(saved.id)));
      },
    };
  }, [client, libraryId, t]);
}
