/** How large the pages are, and what that follows. */
import type { EventBus, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { textColumn, type Column } from './column';
import { pageView } from './pageView';
import type { Fit, Zoom } from './types';
import { clampScale, nextStep } from './zoom';

// Desk seen beside a fitted page, and the text column's distance from a phone's edge. CSS pixels.
const deskBeside = 24;
const columnBeside = 13;
// Between and around two pages of a spread; as in PdfView.css.
const spreadGap = 16;
// A window this narrow has no room for a desk beside the page. CSS pixels.
const narrow = 600;
// Beyond this, `auto` leaves a wide window's room to the desk.
const largestAuto = 1.4;

export class PageScale {
  private column: Column | undefined;
  private fitted: Fit | null;

  constructor(
    private readonly container: HTMLElement,
    private readonly viewer: PDFViewer,
    eventBus: EventBus,
    fit: Fit,
    private readonly signal: AbortSignal,
    private readonly onZoom: (zoom: Zoom) => void,
  ) {
    this.fitted = fit;
    eventBus.on('scalechanging', ({ scale }: { scale: number }) => onZoom({ scale, fit: this.fitted }), {
      signal,
    });
    this.followWindow();
  }

  /** The first scale, before anything is drawn. A text column is not known yet. */
  begin(): void {
    this.draw(this.fitting());
  }

  /** A scale of the reader's own; it then follows nothing. */
  set(scale: number): void {
    this.letGo();
    this.redraw(clampScale(scale));
  }

  step(direction: 1 | -1): void {
    this.set(nextStep(this.viewer.currentScale, direction));
  }

  letGo(): void {
    this.fitted = null;
  }

  fit(fit: Fit): Promise<void> {
    this.fitted = fit;
    return this.apply();
  }

  /** Fits the page once more: the window, or the page, may be another. */
  async apply(): Promise<void> {
    const { viewer, fitted } = this;
    const document = viewer.pdfDocument;
    if (!document || fitted === null) return;
    if (fitted === 'text') {
      const page = viewer.currentPageNumber;
      const pages = [page, page + 1, page + 2].filter((n) => n <= document.numPages);
      this.column = await textColumn(document, pages).catch(() => undefined);
      if (this.signal.aborted || this.fitted !== 'text') return;
    }
    this.redraw(this.fitting());
    this.align();
  }

  /** Brings the text column to the window's left edge, when that is what the scale follows. */
  align(): void {
    if (this.fitted !== 'text' || !this.column || this.viewer.spreadMode !== 0) return;
    const { div, width } = pageView(this.viewer, this.viewer.currentPageNumber);
    this.container.scrollLeft = div.offsetLeft + width * this.column.left - columnBeside;
  }

  private redraw(scale: number) {
    // pdf.js keeps the place that it saw last, and sees one only in the frame
    // after a scroll: a jump made a moment ago would be undone.
    this.viewer.update();
    this.draw(scale);
  }

  private draw(scale: number) {
    if (Math.abs(this.viewer.currentScale - scale) < 1e-6) {
      // The scale may stay while what it follows has changed.
      this.onZoom({ scale, fit: this.fitted });
      return;
    }
    this.viewer.currentScale = scale;
  }

  private fitting(): number {
    const { viewer, column } = this;
    const view = pageView(viewer, viewer.currentPageNumber);
    const { clientWidth, clientHeight } = this.container;
    // Two pages side by side are fitted together.
    const beside = viewer.spreadMode === 0 ? 1 : 2;
    const width = (beside * view.width + (beside - 1) * spreadGap) / view.scale;
    const height = view.height / view.scale;
    const byWidth = (clientWidth - (clientWidth < narrow ? 0 : 2 * deskBeside)) / width;
    switch (this.fitted) {
      case 'page':
        return clampScale(Math.min(byWidth, (clientHeight - deskBeside) / height));
      case 'auto':
        return clampScale(Math.min(byWidth, largestAuto));
      case 'text':
        return clampScale(
          column && viewer.pagesRotation === 0 && beside === 1
            ? (clientWidth - 2 * columnBeside) / (width * (column.right - column.left))
            : byWidth,
        );
      case 'width':
      case null:
        return clampScale(byWidth);
    }
  }

  private followWindow() {
    const { container, viewer, signal } = this;
    let frame = 0;
    let width = container.clientWidth;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const wider = container.clientWidth !== width;
        width = container.clientWidth;
        if (width === 0 || viewer.pagesCount === 0) return;
        if (wider || this.fitted === 'page') void this.apply();
        else viewer.update();
      });
    });
    observer.observe(container);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    });
  }
}
