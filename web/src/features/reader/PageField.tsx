import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Toolbar.module.css';

interface Props {
  page: number;
  pageCount: number;
  onGo: (page: number) => void;
  /** A number was entered: the focus may go back to the pages. */
  onDone: () => void;
}

/** "2 of 7": shows where one is, takes where one wants to be. */
export function PageField({ page, pageCount, onGo, onDone }: Props) {
  const { t } = useTranslation('reader');
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => setTyped(null), [page]);
  const go = () => {
    const wanted = Number.parseInt(typed ?? '', 10);
    setTyped(null);
    if (Number.isFinite(wanted)) onGo(Math.min(pageCount, Math.max(1, wanted)));
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
        inputMode="numeric"
        autoComplete="off"
        disabled={pageCount === 0}
        size={Math.max(2, String(pageCount).length)}
        value={typed ?? (pageCount === 0 ? '' : String(page))}
        onChange={(event) => setTyped(event.currentTarget.value.replace(/\D/g, ''))}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          onGo(Math.min(pageCount, Math.max(1, page + (event.key === 'ArrowUp' ? -1 : 1))));
        }}
      />
      <span id="reader-page-count" className={classes.pageCount}>
        {pageCount === 0 ? '' : t('toolbar.of', { total: pageCount })}
      </span>
    </form>
  );
}
