import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { RotateCcw, Trash2 } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { formatAgo, formatAuthors, formatBytes, formatMoment, formatNumber } from '../../lib/format';
import classes from './DocumentTable.module.css';
import { StatusCell } from './StatusCell';

export interface RowActions {
  /** Left out: a person who may not. */
  onRetry?: (document: Document) => void;
  onPassword?: (document: Document) => void;
  onRestore?: (document: Document) => void;
  onPurge?: (document: Document) => void;
}

/** What another feature knows about documents, as cells of their rows. */
export interface RowCells {
  collections: (document: Document) => ReactNode;
  tags: (document: Document) => ReactNode;
}

interface Props extends RowActions {
  id: string;
  document: Document;
  index: number;
  top: number;
  height: number;
  mode: 'library' | 'trash';
  current: boolean;
  selected: boolean;
  onCurrent: (id: string) => void;
  onToggle: (id: string) => void;
  onExtend: (id: string) => void;
  cells?: RowCells;
  /** Left out: the row cannot be dragged anywhere. */
  onDrag?: (transfer: DataTransfer, id: string) => void;
}

export const DocumentRow = memo(function DocumentRow(props: Props) {
  const { id, document, index, top, height, mode, current, selected, onCurrent, onToggle, onExtend, cells, onDrag } = props;
  const { onRetry, onPassword, onRestore, onPurge } = props;
  const { t } = useTranslation('document');
  const edition = document.edition;
  const authors = formatAuthors(document.authors);
  const at = mode === 'trash' ? document.trashed_at : document.added_at;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`${classes.row} ${classes.columns}`}
      data-current={current || undefined}
      data-selected={selected || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
      draggable={onDrag !== undefined}
      onDragStart={onDrag && ((event) => onDrag(event.dataTransfer, document.id))}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('a, button, input, label')) return;
        if (event.shiftKey) onExtend(document.id);
        else if (event.ctrlKey || event.metaKey) onToggle(document.id);
        else onCurrent(document.id);
      }}
    >
      <div role="gridcell" className={classes.check}>
        <Checkbox
          size="xs"
          aria-label={t('table.select', { title: document.title })}
          checked={selected}
          // The click below does it, because only a click knows of Shift.
          readOnly
          onClick={(event) => (event.shiftKey ? onExtend(document.id) : onToggle(document.id))}
        />
      </div>
      <div role="gridcell" className={classes.title}>
        {mode === 'trash' ? (
          <span className={classes.name}>{document.title}</span>
        ) : (
          <Link
            className={classes.name}
            to="/d/$documentId"
            params={{ documentId: document.id }}
            title={document.title}
            onClick={() => onCurrent(document.id)}
          >
            {document.title}
          </Link>
        )}
        <span className={classes.byline}>
          <span className={classes.authors}>
            {document.merged_into ? t('trash.merged', { title: document.merged_into.title }) : authors || edition?.filename}
          </span>
          {cells && document.tag_ids.length > 0 ? <span className={classes.inline}>{cells.tags(document)}</span> : null}
        </span>
      </div>
      <div role="gridcell" className={classes.year}>
        {document.year}
      </div>
      {cells ? (
        <>
          <div role="gridcell" className={classes.collections}>
            {cells.collections(document)}
          </div>
          <div role="gridcell" className={classes.tags}>
            {cells.tags(document)}
          </div>
        </>
      ) : null}
      <div role="gridcell" className={classes.status}>
        {mode === 'trash' ? (
          <span className={classes.actions}>
            {onRestore ? (
              <button type="button" className={classes.action} onClick={() => onRestore(document)}>
                <RotateCcw size={14} aria-hidden /> {t('trash.restore')}
              </button>
            ) : null}
            {onPurge ? (
              <button type="button" className={classes.action} data-danger onClick={() => onPurge(document)}>
                <Trash2 size={14} aria-hidden /> {t('trash.purge')}
              </button>
            ) : null}
          </span>
        ) : (
          <StatusCell
            edition={edition}
            onRetry={onRetry ? () => onRetry(document) : undefined}
            onPassword={onPassword ? () => onPassword(document) : undefined}
          />
        )}
      </div>
      <div role="gridcell" className={classes.pages}>
        {edition?.page_count ? formatNumber(edition.page_count) : ''}
      </div>
      <div role="gridcell" className={classes.size}>
        {edition ? formatBytes(edition.size) : ''}
      </div>
      <div role="gridcell" className={classes.added}>
        {at ? (
          <time dateTime={at} title={formatMoment(at)}>
            {formatAgo(at)}
          </time>
        ) : null}
      </div>
    </div>
  );
});
