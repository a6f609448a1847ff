/**
 * A library's documents as rows: only those on screen exist, whatever their
 * number. The rows are a grid for assistive technology; one of them is current
 * (ring), any number selected (ground and tick).
 */
import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { useKeys } from '../../lib/keys';
import type { DocumentListParams } from '../../lib/queryKeys';
import { DocumentRow, type RowActions, type RowCells } from './DocumentRow';
import classes from './DocumentTable.module.css';
import type { Selection } from './useSelection';

export type Density = 'normal' | 'compact';

const rowHeight: Record<Density, number> = { normal: 52, compact: 36 };

interface Props extends RowActions {
  documents: Document[];
  /** All there are, loaded or not. */
  total: number;
  /** Names the list, so that coming back finds the place where one was. */
  placeKey: string;
  mode: 'library' | 'trash';
  density: Density;
  selection: Selection;
  sort?: DocumentListParams['sort'];
  order?: DocumentListParams['order'];
  onSort?: (sort: DocumentListParams['sort']) => void;
  /** Called when rows come into view that are not loaded. */
  onNeedMore: () => void;
  /** Enter on the current row. */
  onEnter?: (document: Document) => void;
  cells?: RowCells;
  onDrag?: (transfer: DataTransfer, id: string) => void;
  label: string;
}

// Where each list was left: by how far it was scrolled, and its current row.
const places = new Map<string, { offset: number; current: string | undefined }>();

export function DocumentTable({
  documents,
  total,
  placeKey,
  mode,
  density,
  selection,
  sort,
  order,
  onSort,
  onNeedMore,
  onEnter,
  cells,
  onDrag,
  label,
  ...actions
}: Props) {
  const { t } = useTranslation('document');
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const height = rowHeight[density];
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    paddingEnd: 96,
    initialOffset: () => places.get(placeKey)?.offset ?? 0,
    getItemKey: (index) => documents[index]?.id ?? index,
  });
  const { current, setCurrent } = selection;

  useEffect(() => rows.measure(), [rows, height]);

  // Remembers the place, and goes back to it.
  useEffect(() => {
    const place = places.get(placeKey);
    if (place?.current) setCurrent(place.current);
  }, [placeKey, setCurrent]);
  const currentRef = useRef(current);
  currentRef.current = current;
  useEffect(() => {
    const element = scroller.current;
    return () => {
      places.set(placeKey, { offset: element?.scrollTop ?? 0, current: currentRef.current });
    };
  }, [placeKey]);

  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= documents.length && documents.length < total) onNeedMore();
  }, [last, documents.length, total, onNeedMore]);

  const at = documents.findIndex((document) => document.id === current);
  const go = useCallback(
    (index: number) => {
      const to = Math.max(0, Math.min(documents.length - 1, index));
      const document = documents[to];
      if (!document) return;
      setCurrent(document.id);
      rows.scrollToIndex(to, { align: 'auto' });
      grid.current?.focus({ preventScroll: true });
    },
    [documents, rows, setCurrent],
  );
  const currentDocument = documents[at];
  const group = t('keys.group');
  useKeys([
    { keys: 'j', label: t('keys.next'), group, run: () => go(at + 1) },
    { keys: 'k', label: t('keys.previous'), group, run: () => go(at === -1 ? 0 : at - 1) },
    { keys: 'ArrowDown', run: () => go(at + 1) },
    { keys: 'ArrowUp', run: () => go(at === -1 ? 0 : at - 1) },
    { keys: 'Home', run: () => go(0) },
    { keys: 'End', run: () => go(documents.length - 1) },
    { keys: 'PageDown', run: () => go(at + 10) },
    { keys: 'PageUp', run: () => go(at - 10) },
    { keys: 'x', label: t('keys.select'), group, run: () => currentDocument && selection.toggle(currentDocument.id) },
    { keys: 'Shift+X', label: t('keys.selectTo'), group, run: () => currentDocument && selection.extendTo(currentDocument.id) },
    { keys: 'Mod+A', label: t('keys.selectAll'), group, everywhere: false, run: () => selection.all() },
    ...(onEnter
      ? [{ keys: 'Enter', label: t('keys.open'), group, run: () => currentDocument && onEnter(currentDocument) }]
      : []),
  ]);

  const sortable = (key: DocumentListParams['sort'], text: string, className: string | undefined) => (
    <div
      role="columnheader"
      className={className}
      aria-sort={sort === key ? (order === 'asc' ? 'ascending' : 'descending') : onSort ? 'none' : undefined}
    >
      {onSort ? (
        <button type="button" className={classes.sort} data-current={sort === key || undefined} onClick={() => onSort(key)}>
          {text}
          {sort === key ? order === 'asc' ? <ArrowUp size={13} aria-hidden /> : <ArrowDown size={13} aria-hidden /> : null}
        </button>
      ) : (
        text
      )}
    </div>
  );

  return (
    <div
      ref={grid}
      className={classes.table}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={current && at >= 0 ? `${prefix}${current}` : undefined}
      aria-rowcount={total + 1}
      aria-multiselectable
      data-mode={mode}
      data-cells={cells ? true : undefined}
      data-density={density}
      data-selecting={selection.ids.size > 0 || undefined}
    >
      <div className={classes.head} role="rowgroup">
        <div className={classes.columns} role="row" aria-rowindex={1}>
          <div role="columnheader" className={classes.check}>
            <Checkbox
              size="xs"
              aria-label={t('table.selectAll')}
              checked={documents.length > 0 && selection.ids.size >= documents.length}
              indeterminate={selection.ids.size > 0 && selection.ids.size < documents.length}
              disabled={documents.length === 0}
              onChange={() => (selection.ids.size > 0 ? selection.clear() : selection.all())}
            />
          </div>
          {sortable('title', t('table.title'), classes.title)}
          {sortable('year', t('table.year'), classes.year)}
          {cells ? (
            <>
              <div role="columnheader" className={classes.collections}>
                {t('table.collections')}
              </div>
              <div role="columnheader" className={classes.tags}>
                {t('table.tags')}
              </div>
            </>
          ) : null}
          <div role="columnheader" className={classes.status}>
            {mode === 'trash' ? '' : t('table.status')}
            {mode === 'trash' ? <span className="sr-only">{t('table.actions')}</span> : null}
          </div>
          <div role="columnheader" className={classes.pages}>
            {t('table.pages')}
          </div>
          <div role="columnheader" className={classes.size}>
            {t('table.size')}
          </div>
          {mode === 'trash' ? (
            <div role="columnheader" className={classes.added}>
              {t('table.deleted')}
            </div>
          ) : (
            sortable('added', t('table.added'), classes.added)
          )}
        </div>
      </div>
      <div
        ref={scroller}
        className={classes.scroller}
        role="rowgroup"
      >
        <div role="presentation" className={classes.canvas} style={{ height: rows.getTotalSize() }}>
          {items.map((item) => {
            const document = documents[item.index];
            return document ? (
              <DocumentRow
                key={document.id}
                id={`${prefix}${document.id}`}
                document={document}
                index={item.index}
                top={item.start}
                height={height}
                mode={mode}
                current={document.id === current}
                selected={selection.ids.has(document.id)}
                onCurrent={setCurrent}
                onToggle={selection.toggle}
                onExtend={selection.extendTo}
                cells={cells}
                onDrag={onDrag}
                {...actions}
              />
            ) : (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${classes.row} ${classes.columns}`}
                style={{ transform: `translateY(${item.start}px)`, height }}
              >
                <div role="gridcell" className={classes.check} />
                <div role="gridcell" className={classes.title}>
                  <span className={classes.bone} style={{ width: `${45 + ((item.index * 17) % 40)}%` }} />
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
