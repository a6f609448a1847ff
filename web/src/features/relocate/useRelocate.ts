import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { queryKeys } from '../../lib/queryKeys';
import { toast, toastError } from '../../ui/toast';
import { begin, follow, undo, type NewRelocation, type Relocation } from './api';
import { passed, reportOf } from './report';

/** How long the message of a job that is under way stays, in ms: the next one takes its place. */
const whileRunning = 60_000;

/** Copies or moves documents, says how far it is, and offers the way back. */
export function useRelocate(fromLibraryId: string) {
  const client = useQueryClient();
  const { t } = useTranslation('relocate');
  return useCallback(
    async (wanted: NewRelocation, libraryName: string): Promise<void> => {
      let shown: string | undefined;
      const say: typeof toast = (message, options) => (shown = toast(message, { ...options, replaces: shown }));
      const refresh = () => {
        for (const id of [fromLibraryId, wanted.to_library_id]) void client.invalidateQueries({ queryKey: queryKeys.library(id) });
        for (const id of wanted.document_ids) void client.invalidateQueries({ queryKey: queryKeys.document(id) });
      };
      const progress = (kind: 'copy' | 'move' | 'undo') => (now: Relocation) =>
        say(t(`${kind}.running`, { count: now.total, done: passed(now), name: libraryName }), { timeout: whileRunning });
      const takeBack = async (id: string) => {
        try {
          const first = await undo(id);
          progress('undo')(first);
          const end = reportOf(await follow(first, progress('undo')));
          say(t(`undo.${end.said}`, { ...end }));
        } catch (error) {
          toastError(error);
        } finally {
          refresh();
        }
      };
      try {
        const first = await begin(fromLibraryId, wanted);
        progress(wanted.kind)(first);
        const done = await follow(first, progress(wanted.kind));
        const end = reportOf(done);
        say(t(`${wanted.kind}.${end.said}`, { ...end, name: libraryName }), {
          ...(end.said === 'none' ? { timeout: 10_000 } : { action: { label: t('undo.label'), run: () => void takeBack(done.id) } }),
        });
      } catch (error) {
        toastError(error);
      } finally {
        refresh();
      }
    },
    [client, fromLibraryId, t],
  );
}
