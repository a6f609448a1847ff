import { ActionIcon, Menu, SegmentedControl, TextInput, Tooltip, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ArrowUpDown, Check, ListFilter, Rows2, Rows3, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { formatNumber } from '../../lib/format';
import { useKeys } from '../../lib/keys';
import { sentence } from '../../lib/problem';
import type { DocumentListParams } from '../../lib/queryKeys';
import { Keys } from '../../ui/Keys';
import { useDelayed } from '../../ui/useDelayed';
import { documentListQuery, failedCountQuery } from './api';
import classes from './DocumentsPage.module.css';
import { DocumentTable, type Density } from './DocumentTable';
import type { RowCells } from './DocumentRow';
import { defaultOrder, listParams, type ListSearch } from './listSearch';
import { MergeDialog } from './MergeDialog';
import { PasswordDialog } from './PasswordDialog';
import { RenameDialog } from './RenameDialog';
import { SelectionBar } from './SelectionBar';
import { SkeletonRows } from './SkeletonRows';
import { useDocumentActions } from './useDocumentActions';
import { useSelection } from './useSelection';

/** What the page shows of tags and collections, which another feature knows. */
export interface Organise {
  cells: RowCells;
  /** By what the list is filtered; nothing where it is not. */
  filters: ReactNode;
  /** Asks what these documents are to have. None: closed. */
  picker: (kind: 'tag' | 'collection', documents: Document[], onClose: () => void) => ReactNode;
  onDrag: (transfer: DataTransfer, ids: string[]) => void;
}

interface Props {
  libraryId: string;
  mayEdit: boolean;
  search: ListSearch;
  onSearch: (search: ListSearch) => void;
  onOpen: (documentId: string) => void;
  organise: Organise;
  /** Shows documents as texts cite them. None: closed. */
  cite: (documentIds: readonly string[], onClose: () => void) => ReactNode;
  /** Asks into which library documents are to go. None: closed. */
  relocate: (documentIds: readonly string[], onClose: () => void) => ReactNode;
  /** Further tools of the whole list. */
  tools: ReactNode;
  /** What an empty library shows. */
  firstRun: ReactNode;
}

/** As many as the server formats at once. */
const maxCited = 500;
/** As many as the server copies or moves at once. */
const maxRelocated = 2000;
/** As many as the server takes into one at once, and that one. */
const maxMerged = 51;
const densityKey = 'scrollkeeper.density';
const sorts = ['added', 'title', 'year'] as const;

/** A library's documents. */
export function DocumentsPage({ libraryId, mayEdit, search, onSearch, onOpen, organise, cite, relocate, tools, firstRun }: Props) {
  const { t } = useTranslation('document');
  const params = useMemo(() => listParams(search), [search]);
  const list = useInfiniteQuery(documentListQuery(libraryId, params));
  const failed = useQuery(failedCountQuery(libraryId)).data ?? 0;
  const documents = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages.at(-1)?.total ?? 0;
  const selection = useSelection(useMemo(() => documents.map((document) => document.id), [documents]));
  const [density, setDensity] = useState<Density>(() => (localStorage.getItem(densityKey) === 'compact' ? 'compact' : 'normal'));
  const [renaming, setRenaming] = useState<Document>();
  const [picking, setPicking] = useState<{ kind: 'tag' | 'collection'; ids: readonly string[] }>();
  const [unlocking, setUnlocking] = useState<Document>();
  const [citing, setCiting] = useState<readonly string[]>([]);
  const [relocating, setRelocating] = useState<readonly string[]>([]);
  const [merging, setMerging] = useState<Document[]>([]);
  const actions = useDocumentActions(libraryId);
  const waiting = useDelayed(list.isPending);

  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const needMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError]);

  const current = documents.find((document) => document.id === selection.current);
  const chosen = selection.ids.size > 0 ? [...selection.ids] : current ? [current.id] : [];
  const { clear, setCurrent } = selection;
  const remove = useCallback(
    (ids: string[]) => {
      clear();
      setCurrent(neighbour(documents, ids));
      void actions.trash(ids);
    },
    [actions, clear, setCurrent, documents],
  );
  const group = t('keys.group');
  useKeys(
    [
      { keys: 'F2', label: t('keys.rename'), group, run: () => current && setRenaming(current) },
      { keys: 'e', label: t('keys.tag'), group, run: () => setPicking({ kind: 'tag', ids: chosen }) },
      { keys: 'Shift+E', label: t('keys.collect'), group, run: () => setPicking({ kind: 'collection', ids: chosen }) },
      { keys: 'Delete', label: t('keys.delete'), group, run: () => chosen.length > 0 && remove(chosen) },
    ],
    mayEdit,
  );
  useKeys([{ keys: 'Esc', run: clear }], selection.ids.size > 0);
  const picked = useMemo(() => documents.filter(({ id }) => picking?.ids.includes(id)), [documents, picking]);

  // A row that is dragged takes the others that are selected with it.
  const selected = useRef(selection.ids);
  selected.current = selection.ids;
  const { onDrag } = organise;
  const drag = useCallback(
    (transfer: DataTransfer, id: string) => onDrag(transfer, selected.current.has(id) ? [...selected.current] : [id]),
    [onDrag],
  );

  const sortBy = (sort: DocumentListParams['sort']) => {
    const order = sort === params.sort ? (params.order === 'asc' ? 'desc' : 'asc') : defaultOrder(sort);
    const { sort: _sort, order: _order, ...rest } = search;
    onSearch({ ...rest, ...(sort === 'added' ? {} : { sort }), ...(order === defaultOrder(sort) ? {} : { order }) });
  };

  const filtered = params.q !== '' || params.state === 'failed' || params.tag !== undefined || params.collection !== undefined;
  if (list.data && total === 0 && !filtered) return firstRun;

  return (
    <section className={classes.page}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <h1 className={classes.title}>{t('list.title')}</h1>
          {list.data ? (
            <span className={`${classes.count} tabular`} role="status">
              {filtered ? t('list.matches', { count: total, n: formatNumber(total) }) : t('list.count', { count: total, n: formatNumber(total) })}
            </span>
          ) : null}
        </div>
        <div className={classes.tools}>
          {tools}
          <Filter
            value={params.q}
            onChange={(q) => {
              const { q: _q, ...rest } = search;
              onSearch(q ? { ...rest, q } : rest);
            }}
          />
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <button type="button" className={classes.tool}>
                <ArrowUpDown size={16} strokeWidth={1.75} aria-hidden />
                <VisuallyHidden>{t('list.sort')}</VisuallyHidden>
                <span className={classes.toolWord}>{t(`list.sorted.${params.sort}.${params.order}`)}</span>
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {sorts.flatMap((sort) =>
                (['desc', 'asc'] as const).map((order) => {
                  const chosenOne = params.sort === sort && params.order === order;
                  const { sort: _sort, order: _order, ...rest } = search;
                  return (
                    <Menu.Item
                      key={`${sort}${order}`}
                      rightSection={chosenOne ? <Check size={14} aria-label={t('list.chosen')} /> : null}
                      onClick={() =>
                        onSearch({ ...rest, ...(sort === 'added' ? {} : { sort }), ...(order === defaultOrder(sort) ? {} : { order }) })
                      }
                    >
                      {t(`list.sorted.${sort}.${order}`)}
                    </Menu.Item>
                  );
                }),
              )}
            </Menu.Dropdown>
          </Menu>
          <SegmentedControl
            className={classes.density}
            size="xs"
            aria-label={t('list.density')}
            value={density}
            onChange={(value) => {
              setDensity(value as Density);
              localStorage.setItem(densityKey, value);
            }}
            data={[
              { value: 'normal', label: <DensityIcon icon={<Rows2 size={16} strokeWidth={1.75} aria-hidden />} label={t('list.normal')} /> },
              { value: 'compact', label: <DensityIcon icon={<Rows3 size={16} strokeWidth={1.75} aria-hidden />} label={t('list.compact')} /> },
            ]}
          />
        </div>
      </header>
      {organise.filters}
      {failed > 0 || params.state === 'failed' ? (
        <nav className={classes.views} aria-label={t('list.views')}>
          {(['all', 'failed'] as const).map((view) => {
            const { state: _state, ...rest } = search;
            return (
              <button
                key={view}
                type="button"
                className={classes.view}
                aria-current={params.state === view ? 'page' : undefined}
                onClick={() => onSearch(view === 'failed' ? { ...rest, state: 'failed' } : rest)}
              >
                {t(`list.view.${view}`)}
                {view === 'failed' ? <span className={`${classes.viewCount} tabular`}>{formatNumber(failed)}</span> : null}
              </button>
            );
          })}
        </nav>
      ) : (
        <div className={classes.rule} />
      )}
      {list.error && !list.data ? (
        <p className={classes.problem} role="alert">
          {sentence(list.error)}{' '}
          <button type="button" className={classes.link} onClick={() => void list.refetch()}>
            {t('list.again')}
          </button>
        </p>
      ) : list.data && total === 0 ? (
        <div className={classes.nothing}>
          <p>{params.q ? t('list.noMatch', { q: params.q }) : params.state === 'failed' ? t('list.noFailed') : t('list.noneHere')}</p>
          <button type="button" className={classes.link} onClick={() => onSearch({})}>
            {t('list.showAll')}
          </button>
        </div>
      ) : list.data ? (
        <DocumentTable
          label={t('list.title')}
          documents={documents}
          total={total}
          placeKey={`${libraryId} ${JSON.stringify(params)}`}
          mode="library"
          density={density}
          selection={selection}
          sort={params.sort}
          order={params.order}
          onSort={sortBy}
          onNeedMore={needMore}
          onEnter={(document) => onOpen(document.id)}
          cells={organise.cells}
          onDrag={mayEdit ? drag : undefined}
          onRetry={mayEdit ? actions.retry : undefined}
          onPassword={mayEdit ? setUnlocking : undefined}
        />
      ) : waiting ? (
        <SkeletonRows density={density} label={t('list.loading')} />
      ) : null}
      <SelectionBar count={selection.ids.size} onClear={clear}>
        {selection.ids.size <= maxCited ? (
          <SelectionBar.Action icon="cite" onClick={() => setCiting([...selection.ids])}>
            {t('bar.cite')}
          </SelectionBar.Action>
        ) : null}
        {selection.ids.size <= maxRelocated ? (
          <SelectionBar.Action icon="relocate" onClick={() => setRelocating([...selection.ids])}>
            {t('bar.relocate')}
          </SelectionBar.Action>
        ) : null}
        {mayEdit && selection.ids.size > 1 && selection.ids.size <= maxMerged ? (
          <SelectionBar.Action icon="merge" onClick={() => setMerging(documents.filter((document) => selection.ids.has(document.id)))}>
            {t('bar.merge')}
          </SelectionBar.Action>
        ) : null}
        {mayEdit ? (
          <>
            <SelectionBar.Action icon="tag" keys="e" onClick={() => setPicking({ kind: 'tag', ids: [...selection.ids] })}>
              {t('bar.tag')}
            </SelectionBar.Action>
            <SelectionBar.Action icon="collect" onClick={() => setPicking({ kind: 'collection', ids: [...selection.ids] })}>
              {t('bar.collect')}
            </SelectionBar.Action>
          </>
        ) : null}
        {mayEdit ? (
          <SelectionBar.Action icon="delete" keys="Delete" onClick={() => remove([...selection.ids])}>
            {t('bar.delete')}
          </SelectionBar.Action>
        ) : null}
      </SelectionBar>
      {cite(citing, () => setCiting([]))}
      {relocate(relocating, () => setRelocating([]))}
      {organise.picker(picking?.kind ?? 'tag', picked, () => setPicking(undefined))}
      <RenameDialog document={renaming} onClose={() => setRenaming(undefined)} onRename={actions.rename} />
      <MergeDialog
        documents={merging}
        onClose={() => setMerging([])}
        onMerge={(kept, others) => {
          setMerging([]);
          clear();
          void actions.merge(kept, others);
        }}
      />
      <PasswordDialog document={unlocking} onClose={() => setUnlocking(undefined)} onUnlocked={actions.patchEdition} />
    </section>
  );
}

/** The row that is current when these have gone: the next one below, else the last above. */
function neighbour(documents: Document[], ids: string[]): string | undefined {
  const gone = new Set(ids);
  const first = documents.findIndex((document) => gone.has(document.id));
  const below = documents.slice(first).find((document) => !gone.has(document.id));
  return (below ?? documents.slice(0, Math.max(0, first)).findLast((document) => !gone.has(document.id)))?.id;
}

function DensityIcon({ icon, label }: { icon: ReactNode; label: string }) {
  return (
    <Tooltip label={label}>
      <span className={classes.densityIcon}>
        {icon}
        <VisuallyHidden>{label}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}

/** How long after the last letter the list is asked for. */
const FILTER_MS = 200;

function Filter({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { t } = useTranslation('document');
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(value);
  const change = useRef(onChange);
  change.current = onChange;

  // The address is the truth: Back brings an older filter.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    const q = text.trim();
    if (q === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = q;
      change.current(q);
    }, FILTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useKeys([{ keys: '/', label: t('keys.filter'), group: t('keys.group'), run: () => input.current?.select() }]);

  return (
    <TextInput
      ref={input}
      className={classes.filter}
      type="search"
      aria-label={t('list.filter')}
      placeholder={t('list.filter')}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (text) setText('');
        else event.currentTarget.blur();
      }}
      leftSection={<ListFilter size={16} strokeWidth={1.75} aria-hidden />}
      rightSection={
        text ? (
          <ActionIcon size={24} aria-label={t('list.clearFilter')} onClick={() => setText('')}>
            <X size={14} />
          </ActionIcon>
        ) : (
          <Keys keys="/" />
        )
      }
    />
  );
}
