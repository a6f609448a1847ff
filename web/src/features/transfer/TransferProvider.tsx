/** Marks out of a document and into it: what is under way outlives the menu it was begun in. */
import { Drawer } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatLimit } from '../../lib/format';
import { queryKeys } from '../../lib/queryKeys';
import { announce } from '../../ui/announce';
import { toast, toastError } from '../../ui/toast';
import { useDelayed } from '../../ui/useDelayed';
import { fetchFile, save } from '../../lib/files';
import { exportUrl, importAnnotations, maxImportBytes, type ExportChoice, type Format, type Group } from './api';
import { reportOf } from './report';
import { SharePanel } from './SharePanel';
import classes from './Share.module.css';

// Sooner it would only flicker, in ms.
const slowAfter = 1000;

type Work = Format | 'import';

export interface Transfer {
  readonly group: Group;
  readonly setGroup: (group: Group) => void;
  readonly withPrivate: boolean;
  readonly setWithPrivate: (on: boolean) => void;
  /** What is under way; one at a time. */
  readonly work: Work | undefined;
  /** The same once it takes long enough to be told. */
  readonly slow: Work | undefined;
  readonly take: (format: Format) => void;
  /** Gives up what is being made. */
  readonly cancel: () => void;
  readonly copyLink: () => void;
  /** Opens what shares by a link for people without an account; undefined where this person may not. */
  readonly shareByLink: (() => void) | undefined;
  readonly downloadUrl: string;
  /** Opens the system's dialog; only from a click or a key. Undefined where this person may not. */
  readonly pickImport: (() => void) | undefined;
  readonly sheet: boolean;
  readonly showSheet: (open: boolean) => void;
}

const Context = createContext<Transfer | null>(null);

export function useTransfer(): Transfer {
  const transfer = use(Context);
  if (!transfer) throw new Error('this part must be inside TransferProvider');
  return transfer;
}

interface Props {
  documentId: string;
  editionId: string;
  /** Whether this person may add marks here. */
  mayImport: boolean;
  /** The address of the file itself. */
  downloadUrl: string;
  /** The address of the document, for others. */
  link: string;
  onShareByLink?: (() => void) | undefined;
  children: ReactNode;
}

export function TransferProvider({ documentId, editionId, mayImport, downloadUrl, link, onShareByLink, children }: Props) {
  const { t } = useTranslation('transfer');
  const client = useQueryClient();
  const [group, setGroup] = useState<Group>('page');
  const [withPrivate, setWithPrivate] = useState(false);
  const [sheet, showSheet] = useState(false);
  const [work, setWork] = useState<Work>();
  const isSlow = useDelayed(work !== undefined, slowAfter);
  const running = useRef<AbortController>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => running.current?.abort(), []);

  /** Does one thing and says how it ended, if anybody still waits for it. */
  const run = useCallback(async (what: Work, act: (signal: AbortSignal) => Promise<void>) => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setWork(what);
    try {
      await act(controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) toastError(error);
    } finally {
      running.current = undefined;
      setWork(undefined);
    }
  }, []);

  const take = useCallback(
    (format: Format) => {
      const choice: ExportChoice = { format, group, withPrivate };
      void run(format, async (signal) => {
        const file = await fetchFile(exportUrl(documentId, editionId, choice), `marks.${format}`, { signal });
        save(file);
        announce(t('saved', { name: file.name }));
      });
    },
    [documentId, editionId, group, withPrivate, run, t],
  );

  const bring = useCallback(
    (file: File) => {
      if (file.size > maxImportBytes) {
        toast(t('tooLarge', { name: file.name, limit: formatLimit(maxImportBytes) }), { timeout: 8000 });
        return;
      }
      void run('import', async () => {
        const report = await importAnnotations(documentId, editionId, file);
        showSheet(false);
        toast(reportOf(report), { timeout: 8000 });
        await client.invalidateQueries({ queryKey: queryKeys.annotations(documentId) });
      });
    },
    [client, documentId, editionId, run, t],
  );

  const copyLink = useCallback(async () => {
    try {
      await navigator.clipboard.writeText(link);
      toast(t('linkCopied'));
    } catch {
      // No clipboard without a secure connection: it can be copied from here.
      toast(t('linkShown', { link }), { timeout: 20_000 });
    }
  }, [link, t]);

  const transfer = useMemo<Transfer>(
    () => ({
      group,
      setGroup,
      withPrivate,
      setWithPrivate,
      work,
      slow: isSlow ? work : undefined,
      take,
      cancel: () => running.current?.abort(),
      copyLink: () => void copyLink(),
      downloadUrl,
      shareByLink: onShareByLink,
      pickImport: mayImport ? () => input.current?.click() : undefined,
      sheet,
      showSheet,
    }),
    [group, withPrivate, work, isSlow, take, copyLink, downloadUrl, onShareByLink, mayImport, sheet],
  );

  return (
    <Context value={transfer}>
      {children}
      <input
        ref={input}
        type="file"
        accept=".jsonld,.json,application/ld+json,application/json"
        hidden
        aria-hidden
        tabIndex={-1}
        data-testid="import-annotations"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) bring(file);
          // The same file may be picked again later.
          event.currentTarget.value = '';
        }}
      />
      <Drawer
        opened={sheet}
        onClose={() => showSheet(false)}
        position="bottom"
        size="auto"
        title={t('title')}
        closeButtonProps={{ 'aria-label': t('close'), size: 44, iconSize: 18 }}
        overlayProps={{ backgroundOpacity: 1, color: 'var(--scrim)' }}
        transitionProps={{ duration: 150 }}
        classNames={{ content: classes.sheet ?? '', header: classes.sheetHeader ?? '', body: classes.sheetBody ?? '' }}
      >
        <SharePanel onDone={() => showSheet(false)} />
      </Drawer>
    </Context>
  );
}
