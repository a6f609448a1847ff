import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { queryKeys } from '../../lib/queryKeys';
import { announce } from '../../ui/announce';
import { prepare, type Goal } from './add';
import { Context, type TrayView, type UploadContext } from './context';
import { digest } from './digest';
import type { Command } from './engine';
import { foldersAreCollections } from './folders';
import { fromInput, type Picked } from './gather';
import { emptyQueue } from './queue';
import { sendByTus } from './sender';
import { remote } from './server';
import { totals } from './totals';
import { Uploads } from './uploads';
import { useQueueOf } from './useQueueOf';

interface UploadProviderProps {
  /** Whose uploads these are; another person's are never touched. */
  personId: string;
  /** Where new files go; null where no library is open, and then nothing can be added. */
  libraryId: string | null;
  onOpenDocument: (documentId: string) => void;
  children: ReactNode;
}

const server = remote();
// Every browser has it, React's types do not.
const wholeFolder = { webkitdirectory: '' };
const canPickFolder = typeof HTMLInputElement !== 'undefined' && 'webkitdirectory' in HTMLInputElement.prototype;

/**
 * Owns the person's uploads for as long as it is mounted: mount it once, above
 * the routes, so that they go on while one walks through the app.
 */
export function UploadProvider({ personId, libraryId, onOpenDocument, children }: UploadProviderProps) {
  const { t } = useTranslation('ingest');
  const uploads = useLiveUploads(personId);
  const [view, setView] = useState<TrayView>('open');
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const opened = useRef(onOpenDocument);
  useEffect(() => {
    opened.current = onOpenDocument;
  });

  const watch = useCallback((watcher: () => void) => uploads?.watch(watcher) ?? (() => undefined), [uploads]);
  const state = useCallback(() => uploads?.state() ?? emptyQueue, [uploads]);
  const order = useCallback((command: Command) => uploads?.order(command), [uploads]);

  const add = useCallback(
    async (picked: readonly Picked[], goal?: Goal) => {
      const to = goal ?? (libraryId === null ? null : { libraryId });
      if (!uploads || to === null || picked.length === 0) return;
      const { maxBytes } = await server.limits();
      announce(t('say.added', { count: picked.length }));
      // Somebody who collapsed the tray knows where it is.
      setView((now) => (now === 'pill' && !totals(uploads.state()).settled ? now : 'open'));
      for await (const batch of prepare(picked, { ...to, collect: to.documentId === undefined && foldersAreCollections() }, maxBytes)) uploads.order({ do: 'add', ...batch });
    },
    [uploads, libraryId, t],
  );

  const openDocument = useCallback((documentId: string) => opened.current(documentId), []);
  const pickFiles = useCallback(() => files.current?.click(), []);
  const pickFolder = useCallback(() => folder.current?.click(), []);

  const context = useMemo<UploadContext>(
    () => ({ watch, state, order, add, pickFiles, pickFolder, canPickFolder, openDocument, view, setView }),
    [watch, state, order, add, pickFiles, pickFolder, openDocument, view],
  );

  const taken = (input: HTMLInputElement | null) => {
    if (!input?.files) return;
    void add(fromInput(input.files));
    // The same file may be picked again later.
    input.value = '';
  };

  return (
    <Context value={context}>
      {uploads && <Verdicts uploads={uploads} libraryId={libraryId} />}
      {children}
      <input
        ref={files}
        type="file"
        multiple
        accept="application/pdf,.pdf"
        hidden
        aria-hidden
        tabIndex={-1}
        data-testid="upload-files"
        onChange={() => taken(files.current)}
      />
      <input
        ref={folder}
        type="file"
        {...wholeFolder}
        hidden
        aria-hidden
        tabIndex={-1}
        data-testid="upload-folder"
        onChange={() => taken(folder.current)}
      />
    </Context>
  );
}

/** One Uploads per person and mount; null until it has begun. */
function useLiveUploads(personId: string): Uploads | null {
  const [uploads, setUploads] = useState<Uploads | null>(null);
  useEffect(() => {
    const mine = new Uploads({ personId, server, send: sendByTus, digest });
    setUploads(mine);
    const guard = (event: BeforeUnloadEvent) => {
      if (mine.leads && totals(mine.state()).atRisk > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', guard);
    return () => {
      window.removeEventListener('beforeunload', guard);
      mine.close();
      setUploads(null);
    };
  }, [personId]);
  return uploads;
}

/** How often to ask about a library whose change log nobody follows just now. */
const ASK_MS = 30_000;

/**
 * Brings the server's later findings to the queue: a duplicate or a wrong sum
 * shows only after the last byte. The change log's `upload` rows make these
 * queries stale.
 */
function Verdicts({ uploads, libraryId }: { uploads: Uploads; libraryId: string | null }) {
  const queue = useQueueOf(uploads);
  const stored = queue.items.filter((item) => item.state === 'done' && item.url !== null);
  const key = [...new Set(stored.map((item) => item.libraryId))].sort().join(' ');
  const libraries = useMemo(() => (key ? key.split(' ') : []), [key]);
  const answers = useQueries({
    queries: libraries.map((id) => ({
      queryKey: queryKeys.uploads(id),
      queryFn: () => server.uploads(id),
      refetchInterval: id === libraryId ? (false as const) : ASK_MS,
    })),
    combine: (results) => results.flatMap((result) => result.data ?? []),
  });
  // Again for every file that is through: the finding may have come before its own last answer.
  useEffect(() => {
    if (uploads.leads && answers.length > 0) uploads.order({ do: 'learn', uploads: answers });
  }, [uploads, answers, stored.length]);
  return null;
}
