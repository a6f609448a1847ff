/** pdf.js's view of one page, as far as it is used here; pdf.js types it as `any`. */
import type { PageViewport, PDFPageProxy } from 'pdfjs-dist';
import type { PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import type { PageColors } from './thumbnails';

export interface PageView {
  /** Page number, from 1. */
  readonly id: number;
  readonly div: HTMLElement;
  /** As shown now, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly viewport: PageViewport;
  readonly renderingState: number;
  /** Null until the page has been asked for; size and rotation are page 1's until then. */
  readonly pdfPage: PDFPageProxy | null;
  pageColors: PageColors | null;
  setPdfPage(page: PDFPageProxy): void;
}

/** The view of a page, from 1 to the viewer's pagesCount. */
export const pageView = (viewer: PDFViewer, page: number) => viewer.getPageView(page - 1) as PageView;

/** The pages in the window, the one seen most first. */
export function visiblePages(viewer: PDFViewer): PageView[] {
  const { views } = viewer._getVisiblePages() as { views: readonly { view: PageView }[] };
  return views.map(({ view }) => view);
}
