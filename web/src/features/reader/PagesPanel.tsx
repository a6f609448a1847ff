import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageTheme, PdfHandle } from '../../pdfview/types';
import classes from './LeftPanel.module.css';

// Two in a row of a panel 240 wide. CSS pixels; US Letter until a page is drawn.
const width = 100;
const height = 141;
const rowHeight = height + 32;
const inRow = 2;

const paper: Record<PageTheme, string> = { light: '#ffffff', dark: '#1c1c20', sepia: '#f8f1e2' };

export interface PagesPanelProps {
  pdf: PdfHandle | null;
  page: number;
  pageCount: number;
  theme: PageTheme;
  onChoose: (page: number) => void;
  /** What others put on a page's picture and beside its number. */
  onThumbnail?: ((page: number) => { over: ReactNode; beside: ReactNode; label: string } | undefined) | undefined;
}

/** Small pages, drawn when they come into sight. */
export function PagesPanel({ pdf, page, pageCount, theme, onChoose, onThumbnail }: PagesPanelProps) {
  const { t } = useTranslation('reader');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: Math.ceil(pageCount / inRow),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
    paddingStart: 6,
    paddingEnd: 12,
  });
  useEffect(() => {
    if (pageCount > 0) rows.scrollToIndex(Math.floor((page - 1) / inRow), { align: 'auto' });
    // Follows the reader, not the list's own changes.
  }, [page, pageCount]);

  return (
    <div ref={scroller} className={classes.scroll} role="region" aria-label={t('panel.pagesList')} tabIndex={-1}>
      <div className={classes.pagesBody} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => (
          <div key={row.key} className={classes.pagesRow} style={{ transform: `translateY(${row.start}px)` }}>
            {Array.from({ length: inRow }, (_, column) => row.index * inRow + column + 1).map((number) => {
              const more = number > pageCount ? undefined : onThumbnail?.(number);
              return number > pageCount ? (
                <span key={number} style={{ width }} />
              ) : (
                <button
                  key={number}
                  type="button"
                  className={classes.thumb}
                  style={{ width }}
                  aria-label={[t('panel.goToPage', { page: number }), more?.label].filter(Boolean).join(', ')}
                  aria-current={number === page ? 'page' : undefined}
                  onClick={() => onChoose(number)}
                >
                  <span className={classes.thumbBox}>
                    <Thumbnail pdf={pdf} page={number} theme={theme} />
                    {more?.over}
                  </span>
                  <span className={classes.thumbFoot}>
                    {number}
                    {more?.beside}
                  </span>
                </button>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function Thumbnail({ pdf, page, theme }: { pdf: PdfHandle | null; page: number; theme: PageTheme }) {
  const frame = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!pdf) return undefined;
    const stop = new AbortController();
    void pdf.thumbnail(page, width, stop.signal).then((canvas) => {
      if (!canvas || !frame.current || stop.signal.aborted) return;
      canvas.setAttribute('aria-hidden', 'true');
      frame.current.replaceChildren(canvas);
      // A page wider than it is tall takes less room; a taller one is cut.
      frame.current.style.height = `${Math.min(height, (width * canvas.height) / canvas.width)}px`;
    });
    return () => stop.abort();
  }, [pdf, page, theme]);
  return (
    <span
      ref={frame}
      className={classes.thumbPage}
      data-theme={theme}
      style={{ height, ['--thumb-paper' as string]: paper[theme] }}
    />
  );
}
