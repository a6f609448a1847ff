import { CloseButton, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Excerpt, FindOptions, FindState, PdfHandle } from '../../pdfview/types';
import classes from './LeftPanel.module.css';
import { matchAt, matchesBefore } from './matches';
import { ToolButton } from './ToolButton';

interface Props {
  pdf: PdfHandle | null;
  state: FindState;
  query: string;
  options: FindOptions;
  focus: number;
  onFind: (query: string, options: FindOptions) => void;
  onMatch: (page: number, index: number) => void;
  onStep: (direction: 'next' | 'previous') => void;
  onClose: () => void;
}

export function FindPanel({ pdf, state, query, options, focus, onFind, onMatch, onStep, onClose }: Props) {
  const { t } = useTranslation('reader');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [focus]);

  return (
    <div className={classes.find}>
      <form
        className={classes.findForm}
        role="search"
        aria-label={t('find.field')}
        onSubmit={(event) => event.preventDefault()}
      >
        <TextInput
          ref={field}
          aria-label={t('find.field')}
          placeholder={t('find.field')}
          value={query}
          autoComplete="off"
          spellCheck={false}
          // Where a sheet puts the focus when it opens.
          data-autofocus
          onChange={(event) => onFind(event.currentTarget.value, options)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
              event.preventDefault();
              onStep(event.shiftKey ? 'previous' : 'next');
            } else if (event.key === 'Escape') {
              event.preventDefault();
              event.stopPropagation();
              onClose();
            }
          }}
          rightSection={
            query ? <CloseButton size="sm" aria-label={t('find.clear')} onClick={() => onFind('', options)} /> : null
          }
        />
        <div className={classes.findRow}>
          <button
            type="button"
            className={classes.option}
            aria-pressed={options.caseSensitive ?? false}
            aria-label={t('find.case')}
            title={t('find.case')}
            onClick={() => onFind(query, { ...options, caseSensitive: !options.caseSensitive })}
          >
            Aa
          </button>
          <button
            type="button"
            className={classes.option}
            aria-pressed={options.wholeWords ?? false}
            aria-label={t('find.words')}
            title={t('find.words')}
            onClick={() => onFind(query, { ...options, wholeWords: !options.wholeWords })}
          >
            “ab”
          </button>
          <span className={classes.findCount} style={{ textAlign: 'right' }}>
            {state.total > 0 ? t('find.count', { current: state.current, total: state.total }) : ''}
          </span>
          <ToolButton
            icon={ChevronUp}
            label={t('find.previous')}
            keys="Shift+Enter"
            disabled={state.total === 0}
            onClick={() => onStep('previous')}
          />
          <ToolButton
            icon={ChevronDown}
            label={t('find.next')}
            keys="Enter"
            disabled={state.total === 0}
            onClick={() => onStep('next')}
          />
        </div>
      </form>
      {query.trim() === '' ? (
        <p className={classes.empty}>{t('find.hint')}</p>
      ) : state.total > 0 ? (
        <Results pdf={pdf} state={state} onMatch={onMatch} />
      ) : state.status === 'not-found' ? (
        <p className={classes.empty}>
          {t('find.none')}
          <br />
          {t('find.noneHint')}
        </p>
      ) : (
        <p className={classes.empty}>{t('find.searching')}</p>
      )}
    </div>
  );
}

function Results({ pdf, state, onMatch }: Pick<Props, 'pdf' | 'state' | 'onMatch'>) {
  const { t } = useTranslation('reader');
  const scroller = useRef<HTMLDivElement>(null);
  const before = useMemo(() => matchesBefore(state.pages), [state.pages]);
  const rows = useVirtualizer({
    count: state.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => 74,
    overscan: 4,
    paddingEnd: 12,
  });
  const current = state.current - 1;
  useEffect(() => {
    if (current >= 0) rows.scrollToIndex(current, { align: 'auto' });
    // Follows the match that is looked at, not the list's own changes.
  }, [current]);

  return (
    <div ref={scroller} className={classes.scroll}>
      <ol className={classes.results} aria-label={t('find.results')} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const match = matchAt(state.pages, before, row.index);
          if (!match) return null;
          return (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              aria-setsize={state.total}
              aria-posinset={row.index + 1}
              className={classes.result}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <button
                type="button"
                className={classes.resultButton}
                aria-current={row.index === current ? 'true' : undefined}
                onClick={() => onMatch(match.page, match.index)}
              >
                <ExcerptText excerpt={pdf?.excerpt(match.page, match.index)} />
                <span className={classes.resultPage}>{t('find.page', { page: match.page })}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function ExcerptText({ excerpt }: { excerpt: Excerpt | undefined }) {
  return (
    <span className={classes.excerpt}>
      {excerpt?.before}
      <mark>{excerpt?.match}</mark>
      {excerpt?.after}
    </span>
  );
}
