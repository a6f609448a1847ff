/**
 * A PDF file to read: pages, zoom, find, marks. Props in, typed events out; it
 * knows no server but the address of the file and no words but PdfLabels.
 */
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { Engine } from './engine';
import { loadPdfjs } from './pdfjs';
import './PdfView.css';
import type {
  Fit,
  PageLayout,
  PageText,
  PageTheme,
  PdfAssets,
  PdfEvents,
  PdfHandle,
  PdfLabels,
  Pointer,
  Tool,
  ViewMark,
} from './types';

// Who has come this far will open a file: pdf.js comes while the app still asks which.
void loadPdfjs().catch(() => undefined);

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
  /** Drawn in this order, larger ones below smaller ones. */
  readonly marks?: readonly ViewMark[];
  readonly pointers?: readonly Pointer[];
  /**
   * A page's text and where its words stand; null for a page without. Asked once
   * for each page that comes near the window; another function means that all
   * texts are new, so keep it between renders.
   */
  readonly words?: (page: number) => Promise<PageText | null>;
  readonly tool?: Tool;
  readonly layout?: PageLayout;
  readonly ref?: Ref<PdfHandle>;
}

const noMarks: readonly ViewMark[] = [];
const noPointers: readonly Pointer[] = [];
const continuous: PageLayout = { scroll: 'continuous', spread: 'none' };

export function PdfView(props: PdfViewProps) {
  const { url, theme, marks = noMarks, pointers = noPointers, words, tool = 'select', layout = continuous, labels, ref } = props;
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
  useEffect(() => engine?.setPointers(pointers), [engine, pointers]);
  useEffect(() => engine?.setWords(words), [engine, words]);
  useEffect(() => engine?.setTool(tool), [engine, tool]);
  useEffect(() => engine?.setLayout(layout), [engine, layout]);
  useImperativeHandle<PdfHandle | null, PdfHandle | null>(ref, () => engine, [engine]);

  return (
    <div className="pdfView" data-theme={theme} data-tones={theme === 'dark' ? 'dark' : 'light'}>
      <div ref={container} className="pdfContainer" tabIndex={0} role="region" aria-label={labels.document}>
        <div ref={pages} className="pdfViewer" />
      </div>
    </div>
  );
}
