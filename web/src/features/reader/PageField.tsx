import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pageNamed } from './usePageLabels';
import classes from './Toolbar.module.css';

interface Props {
  page: number;
  pageCount: number;
  /** What the file calls its pages; undefined where that is their number. */
  labels: readonly string[] | undefined;
  onGo: (page: number) => void;
  /** A number was entered: the focus may go back to the pages. */
  onDone: () => void;
}

/** "2 of 7", or "iv (4 of 30)": shows where one is, takes where one wants to be, by label or number. */
export function PageField({ page, pageCount, labels, onGo, onDone }: Props) {
  const { t } = useTranslation('reader');
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => setTyped(null), [page]);
  const shown = labels?.[page - 1] || String(page);
  const go = () => {
    const wanted = pageNamed(typed ?? '', labels, pageCount);
    setTyped(null);
    if (wanted !== undefined) onGo(wanted);
  };
  return (
    <form
      className={classes.page}
      onSubmit={(event) => {
        event.preventDefault();
        go();
        onDone();
      }}
    >
      <input
        className={classes.pageInput}
        aria-label={t('toolbar.page')}
        aria-describedby="reader-page-count"
        inputMode={labels ? 'text' : 'numeric'}
        autoComplete="off"
        disabled={pageCount === 0}
        size={Math.max(2, shown.length, labels ? 0 : String(pageCount).length)}
        value={typed ?? (pageCount === 0 ? '' : shown)}
        onChange={(event) => setTyped(labels ? event.currentTarget.value : event.currentTarget.value.replace(/\D/g, ''))}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          onGo(Math.min(pageCount, Math.max(1, page + (event.key === 'ArrowUp' ? -1 : 1))));
        }}
      />
      <span id="reader-page-count" className={classes.pageCount}>
        {pageCount === 0 ? '' : labels ? t('toolbar.pageOf', { page, total: pageCount }) : t('toolbar.of', { total: pageCount })}
      </span>
    </form>
  );
}
