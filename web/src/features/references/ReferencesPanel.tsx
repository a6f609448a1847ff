import { ActionIcon, CloseButton, TextInput, Tooltip } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Copy, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';
import type { PdfHandle } from '../../pdfview/types';
import { toast } from '../../ui/toast';
import type { Reference } from './api';
import { EntryLinks, EntryText } from './Entry';
import { citedPages, entryOf, filtered } from './entry';
import classes from './ReferencesPanel.module.css';
import { useReferences } from './ReferencesProvider';

// Of an entry in CSS pixels, until it is measured.
const usualHeight = 108;
// Until a row that is scrolled to is drawn.
const mostFrames = 30;

interface Props {
  jump: (go: (pdf: PdfHandle) => void) => void;
  /** The panel lies over the pages and gives way to what it leads to. */
  onGone?: (() => void) | undefined;
}

/** What the paper cites: looked through, followed, copied. */
export function ReferencesPanel({ jump, onGone }: Props) {
  const { t } = useTranslation('references');
  const { list, error, loading, mayCome, wanted } = useReferences();
  const [words, setWords] = useState('');
  const quiet = useDeferredValue(words);
  const shown = useMemo(() => filtered(list ?? [], quiet), [list, quiet]);

  // A book's list has thousands.
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => usualHeight,
    overscan: 6,
    getItemKey: (at) => shown[at]?.index ?? at,
  });

  // What is left by a filter begins at its beginning.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [quiet]);

  // What is looked for is shown once all are listed, and its row takes the focus once it is there.
  const [seeking, setSeeking] = useState<number>();
  useEffect(() => {
    if (!wanted) return;
    setWords('');
    setSeeking(wanted.index);
  }, [wanted]);
  const all = shown === list;
  useEffect(() => {
    if (seeking === undefined || !all) return undefined;
    let frame = 0;
    let left = mostFrames;
    const look = () => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-reference="${seeking}"]`);
      row?.focus({ preventScroll: true });
      if (row || left-- === 0) setSeeking(undefined);
      else frame = requestAnimationFrame(look);
    };
    rows.scrollToIndex(seeking, { align: 'center' });
    frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [seeking, all, rows]);

  if (!list || list.length === 0) {
    return (
      <p className={classes.message} role={error ? 'alert' : 'status'}>
        {error ? sentence(error) : list ? t('none') : mayCome ? t('later') : loading ? null : t('unknown')}
      </p>
    );
  }
  const copyAll = () => copy(shown.map(({ raw }) => raw).join('\n'), t('copied', { count: shown.length }));
  return (
    <section className={classes.panel} aria-label={t('title')}>
      <div className={classes.bar}>
        <TextInput
          className={classes.filter}
          size="sm"
          aria-label={t('filter')}
          placeholder={t('filter')}
          leftSection={<Search size={15} strokeWidth={1.75} aria-hidden />}
          rightSection={words ? <CloseButton size="sm" aria-label={t('clear')} onClick={() => setWords('')} /> : null}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || !words) return;
            event.stopPropagation();
            setWords('');
          }}
        />
        <Tooltip label={t('copyAll', { count: shown.length })}>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t('copyAll', { count: shown.length })} disabled={shown.length === 0} onClick={copyAll}>
            <Copy size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      <p className="sr-only" role="status">
        {quiet ? t('found', { count: shown.length }) : ''}
      </p>
      {shown.length === 0 ? <p className={classes.message}>{t('noMatch')}</p> : null}
      <div ref={scroller} className={classes.scroller} role="group" aria-label={t('title')} tabIndex={0}>
        <ol className={classes.list} aria-label={t('title')} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index: at, start }) => {
            const reference = shown[at];
            return reference ? (
              <Row
                key={key}
                measure={rows.measureElement}
                at={at}
                of={shown.length}
                start={start}
                reference={reference}
                current={wanted?.index === reference.index}
                jump={jump}
                onGone={onGone}
              />
            ) : null;
          })}
        </ol>
      </div>
    </section>
  );
}

interface RowProps extends Props {
  measure: (element: HTMLLIElement | null) => void;
  /** Its place among those that are shown, and how many they are. */
  at: number;
  of: number;
  /** In CSS pixels from the list's top. */
  start: number;
  reference: Reference;
  current: boolean;
}

function Row({ measure, at, of, start, reference, current, jump, onGone }: RowProps) {
  const { t } = useTranslation('references');
  const { showPrinted, showCited } = useReferences();
  const [printed, setPrinted] = useState(false);
  const parsed = useMemo(() => entryOf(reference, String) !== undefined, [reference]);
  const pages = citedPages(reference);
  const { index, page, raw } = reference;
  return (
    <li
      ref={measure}
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
      data-index={at}
      data-reference={index}
      tabIndex={-1}
      aria-current={current || undefined}
      aria-setsize={of}
      aria-posinset={at + 1}
    >
      <span className={classes.number} aria-hidden>
        {index + 1}
      </span>
      <div className={classes.entry}>
        <EntryText reference={reference} printed={printed} />
        <p className={classes.facts}>
          <EntryLinks reference={reference} />
        </p>
        <p className={classes.facts}>
          {pages.length > 0 ? (
            <span className={classes.cited}>
              {t('cited')}{' '}
              {pages.map((one, i) => (
                <span key={one}>
                  {i > 0 ? ', ' : null}
                  <button
                    type="button"
                    className={classes.go}
                    aria-label={t('goCited', { page: one, n: index + 1 })}
                    onClick={() => {
                      showCited(reference, one, jump);
                      onGone?.();
                    }}
                  >
                    {one}
                  </button>
                </span>
              ))}
            </span>
          ) : null}
          <button
            type="button"
            className={`${classes.go} ${classes.quiet}`}
            aria-label={t('goPrinted', { page, n: index + 1 })}
            onClick={() => {
              showPrinted(reference, jump);
              onGone?.();
            }}
          >
            {t('printed', { page })}
          </button>
          {parsed ? (
            <button type="button" className={classes.quiet} aria-pressed={printed} onClick={() => setPrinted(!printed)}>
              {t('asPrinted')}
            </button>
          ) : null}
        </p>
      </div>
      <Tooltip label={t('copy')}>
        <ActionIcon
          className={classes.copy}
          variant="subtle"
          color="gray"
          size={26}
          aria-label={t('copyOne', { n: index + 1 })}
          onClick={() => copy(raw, t('copied', { count: 1 }))}
        >
          <Copy size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}

function copy(text: string, done: string) {
  void navigator.clipboard.writeText(text).then(
    () => toast(done),
    () => undefined,
  );
}
