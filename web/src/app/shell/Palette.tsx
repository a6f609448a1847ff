/** Ctrl+K: passages, documents and commands in one list, worked by keys. */
import { Modal, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { BookmarkPlus, FileText, Search, TextSearch } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { quickDocumentsQuery } from '../../features/document/api';
import { savedSearchesQuery } from '../../features/savedsearch/api';
import { quickSearchQuery } from '../../features/search/api';
import { hitKey, placeOf } from '../../features/search/group';
import { formatByline } from '../../lib/format';
import { Keys } from '../../ui/Keys';
import { Marked } from '../../ui/Marked';
import { useCurrentLibrary } from '../currentLibrary';
import { useCommands, type Command } from './commands';
import classes from './Palette.module.css';
import { oneLine } from './oneLine';
import type { Layer } from './Shell';

interface Props {
  opened: boolean;
  onClose: () => void;
  onLayer: (layer: Layer) => void;
}

export function Palette({ opened, onClose, onLayer }: Props) {
  const { t } = useTranslation('app');
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={680}
      centered={false}
      yOffset="10vh"
      // There at once: who types right after Ctrl+K loses no letter.
      transitionProps={{ duration: 0 }}
      returnFocus={false}
      classNames={{ content: classes.content }}
    >
      <Modal.Overlay backgroundOpacity={1} color="var(--scrim)" />
      <Modal.Content radius="xl" aria-label={t('palette.label')}>
        {opened ? <PaletteBody onClose={onClose} onLayer={onLayer} /> : null}
      </Modal.Content>
    </Modal.Root>
  );
}

interface Row {
  id: string;
  group: string;
  icon: ReactNode;
  main: ReactNode;
  /** Serif: the authors' own words. */
  serif?: boolean;
  note?: string | undefined;
  side?: ReactNode;
  run: () => void;
}

function PaletteBody({ onClose, onLayer }: { onClose: () => void; onLayer: (layer: Layer) => void }) {
  const { t } = useTranslation('app');
  const { t: words } = useTranslation('search');
  const { t: saved } = useTranslation('savedsearch');
  const navigate = useNavigate();
  const library = useCurrentLibrary();
  const { setColorScheme } = useMantineColorScheme();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => {
    const before = document.activeElement;
    input.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);

  const onlyCommands = text.startsWith('>');
  const typed = (onlyCommands ? text.slice(1) : text).trim();
  const [q] = useDebouncedValue(onlyCommands ? '' : typed, 150);
  const hits = useQuery({ ...quickSearchQuery(q, library?.id), placeholderData: q ? keepPreviousData : undefined });
  const documents = useQuery({ ...quickDocumentsQuery(library?.id ?? '', q), placeholderData: q ? keepPreviousData : undefined });
  const commands = useCommands({ onLayer, setColorScheme });
  const searches = useQuery(savedSearchesQuery(library?.id ?? '')).data;
  const onPage = useRouterState({ select: ({ location }) => (location.pathname === '/search' ? location.search : undefined) });

  const rows = useMemo<Row[]>(() => {
    const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true };
    const found: Row[] = [];
    if (!onlyCommands && typed) {
      for (const hit of hits.data?.hits ?? []) {
        const passage = oneLine(hit.snippet, hit.highlights);
        const byline = formatByline(hit.authors, hit.year);
        found.push({
          id: `hit-${hitKey(hit)}`,
          group: t('palette.text'),
          icon: <TextSearch {...icon} />,
          ...(hit.kind === 'title'
            ? { main: hit.title, note: byline }
            : {
                main: <Marked text={passage.text} ranges={passage.ranges} />,
                serif: true,
                note: t('palette.page', { byline: byline || hit.title, page: hit.page }),
              }),
          run: () =>
            void navigate({
              to: '/d/$documentId',
              params: { documentId: hit.document_id },
              ...placeOf(hit),
            }),
        });
      }
      for (const document of documents.data ?? []) {
        found.push({
          id: `document-${document.id}`,
          group: t('palette.documents'),
          icon: <FileText {...icon} />,
          main: document.title,
          serif: true,
          side: document.year ?? undefined,
          run: () => void navigate({ to: '/d/$documentId', params: { documentId: document.id } }),
        });
      }
    }
    for (const { id, name, query, library_id } of searches ?? []) {
      const label = saved('palette', { name });
      if (!typed || !matches({ label }, typed)) continue;
      found.push({
        id: `saved-${id}`,
        group: saved('title'),
        icon: <Search {...icon} />,
        main: name,
        note: query === name ? undefined : query,
        run: () => void navigate({ to: '/search', search: { q: query, library: library_id, saved: id } }),
      });
    }
    const saveIt: Command[] = onPage?.q
      ? [
          {
            id: 'save-search',
            label: saved('paletteSave'),
            icon: <BookmarkPlus {...icon} />,
            keys: 's',
            run: () => void navigate({ to: '/search', search: (before) => before, hash: 'save', replace: true }),
          },
        ]
      : [];
    const matching = [...saveIt, ...commands].filter((command) => matches(command, typed));
    if (typed && !onlyCommands) {
      found.push({
        id: 'everything',
        group: t('palette.commands'),
        icon: <TextSearch {...icon} />,
        main: t('palette.everything', { q: typed }),
        side: <Keys keys="Mod+Enter" />,
        run: () => void navigate({ to: '/search', search: { q: typed, library: library?.id } }),
      });
    }
    for (const command of matching) {
      found.push({ ...command, group: t('palette.commands'), main: command.label, side: command.keys ? <Keys keys={command.keys} /> : undefined });
    }
    return found;
  }, [onlyCommands, typed, hits.data, documents.data, commands, searches, onPage?.q, library?.id, navigate, t, saved]);

  useEffect(() => setAt(0), [typed, onlyCommands]);
  const current = Math.min(at, rows.length - 1);
  useEffect(() => {
    list.current?.querySelector(`[data-row="${current}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const choose = (row: Row | undefined) => {
    if (!row) return;
    onClose();
    row.run();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const move = (to: number) => {
      event.preventDefault();
      if (rows.length > 0) setAt((to + rows.length) % rows.length);
    };
    if (event.key === 'ArrowDown') move(current + 1);
    else if (event.key === 'ArrowUp') move(current - 1);
    else if (event.key === 'Enter') {
      event.preventDefault();
      choose(event.ctrlKey || event.metaKey ? (rows.find((row) => row.id === 'everything') ?? rows[current]) : rows[current]);
    }
  };
  const pending = hits.data?.documents_pending ?? 0;
  return (
    <>
      <div className={classes.field}>
        <Search size={18} strokeWidth={1.75} aria-hidden />
        <input
          ref={input}
          className={classes.input}
          role="combobox"
          aria-label={t('palette.label')}
          aria-expanded
          aria-controls={`${prefix}list`}
          aria-autocomplete="list"
          aria-activedescendant={rows[current] ? `${prefix}${current}` : undefined}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          autoComplete="off"
          spellCheck={false}
        />
        {onlyCommands || !library ? null : <span className={classes.scope}>{t('palette.whole')}</span>}
        <Keys keys="Esc" />
      </div>
      <div ref={list} id={`${prefix}list`} className={classes.list} role="listbox" aria-label={t('palette.label')}>
        {rows.map((row, i) => (
          <div key={row.id} role="presentation">
            {rows[i - 1]?.group === row.group ? null : (
              <div className={classes.group} role="presentation">
                {row.group}
              </div>
            )}
            <div
              id={`${prefix}${i}`}
              data-row={i}
              role="option"
              aria-selected={i === current}
              className={classes.row}
              onMouseMove={() => i !== at && setAt(i)}
              onClick={() => choose(row)}
            >
              {row.icon}
              <div className={classes.words}>
                <div className={row.serif ? `${classes.main} ${classes.serif}` : classes.main}>{row.main}</div>
                {row.note ? <div className={classes.note}>{row.note}</div> : null}
              </div>
              {i === current && !row.side ? <Keys keys="Enter" /> : <span className={classes.side}>{row.side}</span>}
            </div>
          </div>
        ))}
      </div>
      <footer className={classes.foot}>
        <span className={classes.hint}>
          <Keys keys="ArrowUp" /> <Keys keys="ArrowDown" /> {t('palette.move')}
        </span>
        <span className={classes.hint}>
          <Keys keys="Enter" /> {t('palette.open')}
        </span>
        <span className={classes.pending}>{pending > 0 ? words('pending', { count: pending }) : ''}</span>
        <span className="sr-only" role="status">
          {typed ? t('palette.results', { count: rows.length }) : ''}
        </span>
      </footer>
    </>
  );
}

/** Every typed word begins a word of the command. */
const matches = (command: Pick<Command, 'label'>, typed: string): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((part) => ` ${command.label.toLowerCase()}`.includes(` ${part}`) || part === '');
