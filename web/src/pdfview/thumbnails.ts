/** Draws small pages, one at a time, so that the page being read comes first. */
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { EventBus, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { visiblePages } from './pageView';

export interface PageColors {
  readonly background: string;
  readonly foreground: string;
}

// pdf.js's RenderingStates.FINISHED.
const finished = 3;
// How long thumbnails wait for the pages themselves, and how often they look. Milliseconds.
const longestWait = 4000;
const lookAgain = 500;
// About 12 MB of pixels at two device pixels per CSS pixel.
const keep = 48;

export class Thumbnails {
  private readonly drawn = new Map<string, HTMLCanvasElement>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly document: PDFDocumentProxy,
    private readonly eventBus: EventBus,
    private readonly viewer: PDFViewer,
    private readonly closing: AbortSignal,
  ) {}

  /** Resolves to undefined when aborted, or when the page cannot be drawn. */
  get(
    page: number,
    width: number,
    colors: PageColors | undefined,
    rotation: number,
    signal: AbortSignal,
  ): Promise<HTMLCanvasElement | undefined> {
    const key = [page, width, window.devicePixelRatio, colors?.background, rotation].join();
    const known = this.drawn.get(key);
    if (known) return Promise.resolve(known);
    const drawing = this.last
      .then(() => this.pagesDrawn())
      .then(() => (signal.aborted ? undefined : this.draw(page, width, colors, rotation, signal)))
      .then((canvas) => {
        if (canvas) this.remember(key, canvas);
        return canvas;
      })
      .catch(() => undefined);
    this.last = drawing;
    return drawing;
  }

  /** Resolves when the pages in the window are drawn, or will not be for a while. */
  private async pagesDrawn(): Promise<void> {
    const deadline = performance.now() + longestWait;
    while (!this.closing.aborted && performance.now() < deadline && this.drawing()) {
      await this.nextDrawn();
    }
  }

  private drawing(): boolean {
    return visiblePages(this.viewer).some((view) => view.renderingState !== finished);
  }

  private nextDrawn(): Promise<void> {
    return new Promise((resolve) => {
      const stop = new AbortController();
      const done = () => {
        clearTimeout(timer);
        stop.abort();
        resolve();
      };
      // A page that cannot be drawn at all says nothing.
      const timer = setTimeout(done, lookAgain);
      this.eventBus.on('pagerendered', done, { signal: stop.signal });
    });
  }

  private async draw(
    page: number,
    width: number,
    colors: PageColors | undefined,
    rotation: number,
    signal: AbortSignal,
  ): Promise<HTMLCanvasElement | undefined> {
    const proxy = await this.document.getPage(page);
    if (signal.aborted) return undefined;
    const turned = (proxy.rotate + rotation) % 360;
    const natural = proxy.getViewport({ scale: 1, rotation: turned });
    const scale = (width * Math.min(2, window.devicePixelRatio)) / natural.width;
    const viewport = proxy.getViewport({ scale, rotation: turned });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(viewport.width));
    // A strip of a page must not make a canvas of any length.
    canvas.height = Math.max(1, Math.min(4 * canvas.width, Math.floor(viewport.height)));
    const task = proxy.render({ canvas, viewport, ...(colors ? { pageColors: colors } : {}) });
    const cancel = () => task.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await task.promise;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    // Lets the viewer free the page when it is not one of those in the window.
    this.eventBus.dispatch('thumbnailrendered', { source: this, pageNumber: page, pdfPage: proxy });
    return canvas;
  }

  private remember(key: string, canvas: HTMLCanvasElement) {
    this.drawn.set(key, canvas);
    if (this.drawn.size <= keep) return;
    const oldest = this.drawn.keys().next().value;
    if (oldest !== undefined) this.drawn.delete(oldest);
  }
}
