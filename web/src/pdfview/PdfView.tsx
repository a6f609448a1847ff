/**
 * A PDF file to read: pages, zoom, find, marks. Props in, typed events out; it
 * knows no server but the address of the file and no words but PdfLabels.
 */
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { Engine } from './engine';
import './PdfView.css';
import type { Fit, Mark, PageTheme, PdfAssets, PdfEvents, PdfHandle, PdfLabels } from './types';

export interface PdfViewProps extends PdfEvents {
  /** Served with byte ranges. Another address closes the file and opens that one. */
  readonly url: string;
  /** Tried first, before onPassword asks. */
  readonly password?: string;
  readonly assets: PdfAssets;
  readonly labels: PdfLabels;
  readonly theme: PageTheme;
  /** What the zoom follows at the beginning. */
  readonly initialFit: Fit;
  /** The page to open at, from 1. */
  readonly initialPage?: number;
  readonly marks?: readonly Mark[];
  readonly ref?: Ref<PdfHandle>;
}

const noMarks: readonly Mark[] = [];

export function PdfView(props: PdfViewProps) {
  const { url, theme, marks = noMarks, labels, ref } = props;
  const container = useRef<HTMLDivElement>(null);
  const pages = useRef<HTMLDivElement>(null);
  // The engine asks for its events when they happen, so a new callback needs no new engine.
  const latest = useRef(props);
  latest.current = props;
  const [engine, setEngine] = useState<Engine | null>(null);

  useEffect(() => {
    if (!container.current || !pages.current) return undefined;
    const { password, assets, labels, theme, initialFit, initialPage = 1 } = latest.current;
    const opened = new Engine(container.current, pages.current, {
      url,
      password,
      assets,
      labels,
      theme,
      fit: initialFit,
      page: initialPage,
      events: () => latest.current,
    });
    setEngine(opened);
    return () => opened.close();
  }, [url]);

  useEffect(() => engine?.setTheme(theme), [engine, theme]);
  useEffect(() => engine?.setMarks(marks), [engine, marks]);
  useImperativeHandle<PdfHandle | null, PdfHandle | null>(ref, () => engine, [engine]);

  return (
    <div className="pdfView" data-theme={theme}>
      <div ref={container} className="pdfContainer" tabIndex={0} role="region" aria-label={labels.document}>
        <div ref={pages} className="pdfViewer" />
      </div>
    </div>
  );
}
