/**
 * One open file: pdf.js's viewer in a given pair of elements, from opening to
 * closing. Knows nothing of React; PdfView.tsx wraps it.
 */
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { EventBus, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { makeFinder, makeLinkService, type Finder } from './find';
import { nameLinks, quietL10n } from './layers';
import { MarkLayer } from './marks';
import { readOutline } from './outline';
import { loadPdfjs, type Libraries } from './pdfjs';
import { openSource, partSize, SourceError, type Source } from './source';
import { Thumbnails, type PageColors } from './thumbnails';
import type {
  FindOptions,
  Fit,
  LoadFailure,
  Mark,
  PageTheme,
  PdfAssets,
  PdfEvents,
  PdfHandle,
  PdfLabels,
  Place,
} from './types';
import { clampScale, nextStep, textColumn, zoomByPointer, type Column } from './zoom';

export interface EngineOptions {
  readonly url: string;
  readonly password?: string | undefined;
  readonly assets: PdfAssets;
  readonly labels: PdfLabels;
  readonly theme: PageTheme;
  readonly fit: Fit;
  readonly page: number;
  readonly events: () => PdfEvents;
}

// A page with an image beyond this is drawn without it (pixels; four bytes each).
const maxImageSize = 64 * 1024 * 1024;
// Desk seen beside a fitted page, and the text column's distance from a phone's edge. CSS pixels.
const deskBeside = 24;
const columnBeside = 13;
// A window this narrow has no room for a desk beside the page. CSS pixels.
const narrow = 600;
// Beyond this, `auto` leaves a wide window's room to the desk.
const largestAuto = 1.4;

const darkPage: PageColors = { background: '#1c1c20', foreground: '#dcdce2' };
const colorsOf = (theme: PageTheme) => (theme === 'dark' ? darkPage : undefined);

/** The part of pdf.js's page view that is used here and typed nowhere. */
interface PageView {
  pdfPage: PDFPageProxy | null;
  pageColors: PageColors | null;
  div: HTMLElement;
  width: number;
  height: number;
  scale: number;
  setPdfPage(page: PDFPageProxy): void;
}

export class Engine implements PdfHandle {
  private readonly closing = new AbortController();
  private readonly opened = Promise.withResolvers<void>();
  private viewer: PDFViewer | undefined;
  private finder: Finder | undefined;
  private markLayer: MarkLayer | undefined;
  private document: PDFDocumentProxy | undefined;
  private task: PDFDocumentLoadingTask | undefined;
  private source: Source | undefined;
  private thumbnails: Thumbnails | undefined;
  private fitted: Fit | null;
  private column: Column | undefined;
  private theme: PageTheme;
  private marks: readonly Mark[] = [];
  private seen: Place | undefined;

  constructor(
    private readonly container: HTMLDivElement,
    private readonly pages: HTMLDivElement,
    private readonly options: EngineOptions,
  ) {
    this.fitted = options.fit;
    this.theme = options.theme;
    // Nobody may be waiting when a file fails to open.
    this.opened.promise.catch(() => undefined);
    this.open().catch((reason: unknown) => {
      this.opened.reject(reason);
      if (!this.signal.aborted) this.events.onError?.(failureOf(reason));
    });
  }

  private get signal(): AbortSignal {
    return this.closing.signal;
  }

  private get events(): PdfEvents {
    return this.options.events();
  }

  /** Frees everything. The elements can be given to another engine afterwards. */
  close(): void {
    this.closing.abort();
    this.viewer?.setDocument(null);
    void this.task?.destroy();
  }

  private async open(): Promise<void> {
    const libraries = await loadPdfjs();
    const { signal } = this;
    signal.throwIfAborted();
    const { viewer, eventBus } = this.build(libraries);
    const source = await openSource(libraries.pdfjs, this.options.url, {
      signal,
      onConnection: (connection) => this.events.onConnection?.(connection),
    });
    signal.throwIfAborted();
    this.source = source;
    const document = await this.load(libraries, source);
    signal.throwIfAborted();
    this.document = document;
    this.thumbnails = new Thumbnails(document, eventBus, viewer, signal);
    viewer.linkService.setDocument(document);
    viewer.setDocument(document);
    // Fails when not even the first page can be read.
    await viewer.pagesPromise;
  }

  private load({ pdfjs }: Libraries, source: Source): Promise<PDFDocumentProxy> {
    const { assets, password } = this.options;
    const task = pdfjs.getDocument({
      ...('range' in source ? { range: source.range } : { data: source.data }),
      ...(password === undefined ? {} : { password }),
      rangeChunkSize: partSize,
      disableStream: true,
      disableAutoFetch: true,
      enableXfa: false,
      maxImageSize,
      wasmUrl: assets.wasm,
      cMapUrl: assets.cmaps,
      cMapPacked: true,
      standardFontDataUrl: assets.standardFonts,
      iccUrl: assets.iccs,
      verbosity: pdfjs.VerbosityLevel.ERRORS,
    });
    this.task = task;
    task.onPassword = (answer: (password: string) => void, reason: number) => {
      this.events.onPassword?.({
        wrong: reason === pdfjs.PasswordResponses.INCORRECT_PASSWORD,
        answer,
      });
    };
    return task.promise;
  }

  private build(libraries: Libraries): { viewer: PDFViewer; eventBus: EventBus } {
    const { pdfjs, viewer: library } = libraries;
    const { signal, container } = this;
    const eventBus = new library.EventBus();
    const linkService = makeLinkService(library, eventBus);
    const finder = makeFinder(library, eventBus, linkService, container, signal, (state) =>
      this.events.onFindState?.(state),
    );
    const viewerOptions: ConstructorParameters<typeof library.PDFViewer>[0] & {
      abortSignal: AbortSignal;
    } = {
      container,
      viewer: this.pages,
      eventBus,
      linkService,
      findController: finder.controller,
      removePageBorders: true,
      annotationMode: pdfjs.AnnotationMode.ENABLE,
      annotationEditorMode: pdfjs.AnnotationEditorType.DISABLE,
      l10n: quietL10n as never,
      abortSignal: signal,
      ...(colorsOf(this.theme) ? { pageColors: darkPage } : {}),
    };
    const viewer = new library.PDFViewer(viewerOptions);
    linkService.setViewer(viewer);
    // pdf.js tells its history before it follows a link: that is all that is wanted of it.
    linkService.setHistory({
      pushCurrentPosition: () => {
        if (this.seen) this.events.onJump?.(this.seen);
      },
      push: () => undefined,
      pushPage: () => undefined,
      back: () => undefined,
      forward: () => undefined,
    });
    this.viewer = viewer;
    this.finder = finder;
    this.markLayer = new MarkLayer(viewer, eventBus, signal);
    this.listen(eventBus, viewer);
    zoomByPointer({ container, viewer, pdfjs, signal, onZoom: () => (this.fitted = null) });
    this.followWindow(viewer);
    return { viewer, eventBus };
  }

  private listen(eventBus: EventBus, viewer: PDFViewer) {
    const { signal } = this;
    const { labels } = this.options;
    eventBus.on('pagesinit', () => void this.start(viewer), { signal });
    eventBus.on(
      'pagechanging',
      ({ pageNumber }: { pageNumber: number }) => {
        this.checkPage(pageNumber);
        this.events.onPageChange?.(pageNumber);
      },
      { signal },
    );
    eventBus.on(
      'scalechanging',
      ({ scale }: { scale: number }) => this.events.onZoomChange?.({ scale, fit: this.fitted }),
      { signal },
    );
    eventBus.on(
      'updateviewarea',
      ({ location }: { location: { pageNumber: number; left: number; top: number } }) => {
        this.seen = { page: location.pageNumber, x: location.left, y: location.top };
      },
      { signal },
    );
    eventBus.on(
      'pagerendered',
      ({ pageNumber, error }: { pageNumber: number; error: unknown }) => {
        const { div } = this.view(pageNumber);
        if (error) div.dataset.failed = labels.pageFailed;
        else delete div.dataset.failed;
      },
      { signal },
    );
    eventBus.on(
      'textlayerrendered',
      ({ source }: { source: { textLayer?: { div: HTMLElement } | null } }) => {
        // One stop for the Tab key is enough: the scrolling area itself.
        if (source.textLayer) source.textLayer.div.tabIndex = -1;
      },
      { signal },
    );
    eventBus.on(
      'annotationlayerrendered',
      ({ source }: { source: { div: HTMLElement } }) => nameLinks(source.div, labels),
      { signal },
    );
  }

  private async start(viewer: PDFViewer): Promise<void> {
    const { document } = this;
    if (!document) return;
    const { labels } = this.options;
    for (let page = 1; page <= viewer.pagesCount; page++) {
      this.view(page).div.setAttribute('aria-label', labels.page(page));
    }
    this.setScale(viewer, this.fittingScale(viewer));
    this.checkPage(1);
    this.opened.resolve();
    if (this.options.page > 1) this.goToPage(this.options.page);
    this.markLayer?.set(this.marks);
    this.events.onReady?.({ pageCount: document.numPages });
    if (this.fitted === 'text') await this.applyFit();
    // The outline can need many parts of the file: the first page goes before it.
    await viewer.onePageRendered;
    const outline = await readOutline(document);
    if (!this.signal.aborted) this.events.onOutline?.(outline);
  }

  private followWindow(viewer: PDFViewer) {
    let frame = 0;
    let width = this.container.clientWidth;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const turned = this.container.clientWidth !== width;
        width = this.container.clientWidth;
        if (width === 0) return;
        if (turned || this.fitted === 'page') void this.applyFit();
        else viewer.update();
      });
    });
    observer.observe(this.container);
    this.signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    });
    // Another screen, or the browser's own zoom: draw with as many pixels as there are now.
    const followPixels = () => {
      window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
        'change',
        () => {
          viewer.refresh();
          followPixels();
        },
        { once: true, signal: this.signal },
      );
    };
    followPixels();
  }

  private view(page: number): PageView {
    return this.viewer?.getPageView(page - 1) as PageView;
  }

  /** pdf.js leaves a page that cannot be read empty, and says so in the console alone. */
  private checkPage(page: number): void {
    if (!this.document) return;
    this.known(this.document, page).catch(() => {
      if (!this.signal.aborted) this.view(page).div.dataset.failed = this.options.labels.pageFailed;
    });
  }

  private whenOpen(act: (viewer: PDFViewer, document: PDFDocumentProxy) => void): void {
    void this.opened.promise
      .then(() => {
        if (this.viewer && this.document && !this.signal.aborted) act(this.viewer, this.document);
      })
      // The file did not open, which has been told already.
      .catch(() => undefined);
  }

  // --- what PdfView sets -------------------------------------------------

  setMarks(marks: readonly Mark[]): void {
    this.marks = marks;
    this.whenOpen(() => this.markLayer?.set(marks));
  }

  setTheme(theme: PageTheme): void {
    if (theme === this.theme) return;
    const redraw = colorsOf(theme) !== colorsOf(this.theme);
    this.theme = theme;
    if (!redraw) return;
    this.whenOpen((viewer) => {
      const colors = colorsOf(theme) ?? null;
      viewer.pageColors = colors;
      for (let page = 1; page <= viewer.pagesCount; page++) this.view(page).pageColors = colors;
      viewer.refresh();
    });
  }

  // --- PdfHandle ---------------------------------------------------------

  goToPage(page: number, at?: { x: number; y: number }): void {
    this.whenOpen((viewer, document) => {
      if (page < 1 || page > viewer.pagesCount) return;
      if (!at) {
        viewer.currentPageNumber = page;
        this.alignColumn();
        return;
      }
      // Its size and rotation must be known before a place on it is.
      void this.known(document, page).then(() => {
        viewer.scrollPageIntoView({
          pageNumber: page,
          destArray: [null, { name: 'XYZ' }, at.x, at.y, null],
          allowNegativeOffset: true,
          ignoreDestinationZoom: true,
          center: 'both',
        });
        this.alignColumn();
      });
    });
  }

  place(): Place | undefined {
    return this.seen;
  }

  goToPlace({ page, x, y }: Place): void {
    this.whenOpen((viewer, document) => {
      void this.known(document, page).then(() => {
        viewer.scrollPageIntoView({
          pageNumber: page,
          destArray: [null, { name: 'XYZ' }, x, y, null],
          allowNegativeOffset: true,
          ignoreDestinationZoom: true,
        });
        this.alignColumn();
      });
    });
  }

  scroll(to: 'window-up' | 'window-down' | 'start' | 'end'): void {
    const { container } = this;
    // A line or two stays in sight, as everywhere.
    const step = container.clientHeight - 48;
    if (to === 'start') container.scrollTop = 0;
    else if (to === 'end') container.scrollTop = container.scrollHeight;
    else container.scrollBy({ top: to === 'window-down' ? step : -step });
  }

  find(query: string, options: FindOptions = {}): void {
    this.whenOpen(() => this.finder?.find(query, options));
  }

  findNext(): void {
    this.finder?.step('next');
  }

  findPrevious(): void {
    this.finder?.step('previous');
  }

  goToMatch(page: number, index: number): void {
    this.whenOpen(() => this.finder?.goTo(page, index));
  }

  closeFind(): void {
    this.finder?.close();
  }

  excerpt(page: number, index: number) {
    return this.finder?.excerpt(page, index);
  }

  zoomIn(): void {
    this.whenOpen((viewer) => this.zoomTo(nextStep(viewer.currentScale, 1)));
  }

  zoomOut(): void {
    this.whenOpen((viewer) => this.zoomTo(nextStep(viewer.currentScale, -1)));
  }

  zoomTo(scale: number): void {
    this.whenOpen((viewer) => {
      this.fitted = null;
      this.setScale(viewer, clampScale(scale));
    });
  }

  fit(fit: Fit): void {
    this.whenOpen(() => {
      this.fitted = fit;
      void this.applyFit();
    });
  }

  rotate(degrees: 90 | -90): void {
    this.whenOpen((viewer) => {
      viewer.pagesRotation = (viewer.pagesRotation + degrees + 360) % 360;
      void this.applyFit();
    });
  }

  async thumbnail(page: number, width: number, signal: AbortSignal) {
    try {
      await this.opened.promise;
    } catch {
      return undefined;
    }
    const rotation = this.viewer?.pagesRotation ?? 0;
    return this.thumbnails?.get(page, width, colorsOf(this.theme), rotation, signal);
  }

  reconnect(): void {
    this.source?.reconnect();
  }

  focus(): void {
    const { container } = this;
    // Nobody asked for it by a key, so nobody needs to see where it went.
    container.dataset.focused = 'quietly';
    container.addEventListener('blur', () => delete container.dataset.focused, { once: true });
    container.focus({ preventScroll: true });
  }

  // --- scale -------------------------------------------------------------

  private async applyFit(): Promise<void> {
    const { viewer, document, fitted } = this;
    if (!viewer || !document || fitted === null) return;
    if (fitted === 'text') {
      const page = viewer.currentPageNumber;
      const pages = [page, page + 1, page + 2].filter((n) => n <= document.numPages);
      this.column = await textColumn(document, pages).catch(() => undefined);
      if (this.signal.aborted || this.fitted !== 'text') return;
    }
    this.setScale(viewer, this.fittingScale(viewer));
    this.alignColumn();
  }

  /** The scale that fits the page in the window as `fitted` says. */
  private fittingScale(viewer: PDFViewer): number {
    const { fitted, column } = this;
    const view = this.view(viewer.currentPageNumber);
    const { clientWidth, clientHeight } = this.container;
    const width = view.width / view.scale;
    const height = view.height / view.scale;
    const byWidth = (clientWidth - (clientWidth < narrow ? 0 : 2 * deskBeside)) / width;
    switch (fitted) {
      case 'page':
        return clampScale(Math.min(byWidth, (clientHeight - deskBeside) / height));
      case 'auto':
        return clampScale(Math.min(byWidth, largestAuto));
      case 'text':
        return clampScale(
          column && viewer.pagesRotation === 0
            ? (clientWidth - 2 * columnBeside) / (width * (column.right - column.left))
            : byWidth,
        );
      default:
        return clampScale(byWidth);
    }
  }

  private setScale(viewer: PDFViewer, scale: number) {
    if (Math.abs(viewer.currentScale - scale) < 1e-6) {
      // The scale may stay while what it follows has changed.
      this.events.onZoomChange?.({ scale, fit: this.fitted });
      return;
    }
    viewer.currentScale = scale;
  }

  /** Brings the text column to the window's left edge, when that is what the zoom follows. */
  private alignColumn() {
    if (this.fitted !== 'text' || !this.column || !this.viewer) return;
    const { div, width } = this.view(this.viewer.currentPageNumber);
    this.container.scrollLeft = div.offsetLeft + width * this.column.left - columnBeside;
  }

  private async known(document: PDFDocumentProxy, page: number): Promise<void> {
    const view = this.view(page);
    if (view.pdfPage) return;
    const proxy = await document.getPage(page);
    if (!view.pdfPage && !this.signal.aborted) view.setPdfPage(proxy);
  }
}

function failureOf(reason: unknown): LoadFailure {
  if (reason instanceof SourceError) return reason.failure;
  const name = reason instanceof Error ? reason.name : '';
  return name === 'InvalidPDFException' || name === 'FormatError' || name === 'UnknownErrorException'
    ? 'damaged'
    : 'unknown';
}
