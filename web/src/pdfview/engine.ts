/**
 * One open file: pdf.js's viewer in a given pair of elements, from opening to
 * closing. Knows nothing of React; PdfView.tsx wraps it.
 */
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFWorker } from 'pdfjs-dist';
import type { EventBus, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { quadBounds } from '../anchoring/quads';
import { announce } from '../ui/announce';
import { makeFinder, makeLinkService, type Finder } from './find';
import { Hands } from './hands';
import { nameLinks, noteIcon, quietL10n } from './layers';
import { readOutline } from './outline';
import { Pages, percentBox } from './pages';
import { pageView, visiblePages, type PageView } from './pageView';
import { printPages } from './printing';
import { PageScale } from './scale';
import { endWorker, loadPdfjs, takeWorker, type Libraries, type Pdfjs } from './pdfjs';
import { openSource, partSize, SourceError, type Source } from './source';
import { Thumbnails, type PageColors } from './thumbnails';
import type {
  FindOptions,
  Fit,
  LoadFailure,
  MarkBox,
  PageLayout,
  PageTheme,
  PdfAssets,
  PdfEvents,
  PdfHandle,
  PdfLabels,
  Place,
  Pointer,
  PrintOptions,
  Rect,
  Tool,
  ViewMark,
} from './types';
import { markBounds } from './shapes';
import type { Words } from './texts';
import { ViewWatch } from './view';
import { zoomByPointer } from './zoom';

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

// How long a worker that is to end may take for it, in ms.
const tidyTime = 2000;

const darkPage: PageColors = { background: '#1c1c20', foreground: '#dcdce2' };
const colorsOf = (theme: PageTheme) => (theme === 'dark' ? darkPage : undefined);

export class Engine implements PdfHandle {
  private readonly closing = new AbortController();
  private readonly opened = Promise.withResolvers<void>();
  private viewer: PDFViewer | undefined;
  private finder: Finder | undefined;
  private hands: Hands | undefined;
  private document: PDFDocumentProxy | undefined;
  private task: PDFDocumentLoadingTask | undefined;
  private worker: { readonly pdfjs: Pdfjs; readonly own: PDFWorker } | undefined;
  private source: Source | undefined;
  private thumbnails: Thumbnails | undefined;
  private scale: PageScale | undefined;
  private theme: PageTheme;
  private pageMap: Pages | undefined;
  private marks: readonly ViewMark[] = [];

  constructor(
    private readonly container: HTMLDivElement,
    private readonly pages: HTMLDivElement,
    private readonly options: EngineOptions,
  ) {
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
    void this.end();
  }

  /** Ends the file and its worker, which has a moment to tidy up: it may be busy for ever. */
  private async end(): Promise<void> {
    const tidied = this.task?.destroy().catch(() => undefined);
    const late = new Promise((resolve) => setTimeout(resolve, tidyTime));
    await Promise.race([tidied, late]);
    if (this.worker) endWorker(this.worker.pdfjs, this.worker.own);
  }

  private async open(): Promise<void> {
    const { signal } = this;
    const loading = loadPdfjs();
    const opening = openSource(
      loading.then(({ pdfjs }) => pdfjs),
      this.options.url,
      { signal, onConnection: (connection) => this.events.onConnection?.(connection) },
    );
    // What is wrong with the library is told below.
    opening.catch(() => undefined);
    const libraries = await loading;
    signal.throwIfAborted();
    const { viewer, eventBus } = this.build(libraries);
    const source = await opening;
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
    const worker = takeWorker(pdfjs);
    this.worker = { pdfjs, own: worker };
    const task = pdfjs.getDocument({
      worker,
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
      imageResourcesPath: noteIcon,
      l10n: quietL10n as never,
      abortSignal: signal,
      ...(colorsOf(this.theme) ? { pageColors: darkPage } : {}),
    };
    const viewer = new library.PDFViewer(viewerOptions);
    linkService.setViewer(viewer);
    // pdf.js tells its history before it follows a link: that is all that is wanted of it.
    linkService.setHistory({
      pushCurrentPosition: () => {
        const from = this.place();
        if (from) this.events.onJump?.(from);
      },
      push: () => undefined,
      pushPage: () => undefined,
      back: () => undefined,
      forward: () => undefined,
    });
    this.viewer = viewer;
    this.finder = finder;
    const pages = new Pages(viewer, container);
    this.pageMap = pages;
    this.hands = new Hands({
      pages,
      eventBus,
      signal,
      labels: this.options.labels,
      events: this.options.events,
      say: announce,
      focus: () => this.focus(),
      show: (page, box) => this.show(page, box),
    });
    new ViewWatch(
      pages,
      eventBus,
      signal,
      () => this.place(),
      (view) => this.events.onView?.(view),
      (top) => this.events.onScroll?.(top),
    );
    this.listen(eventBus, viewer);
    const scale = new PageScale(container, viewer, eventBus, this.options.fit, signal, (zoom) =>
      this.events.onZoomChange?.(zoom),
    );
    this.scale = scale;
    zoomByPointer({ container, viewer, pdfjs, signal, onZoom: () => scale.letGo() });
    this.followPixels(viewer);
    return { viewer, eventBus };
  }

  private listen(eventBus: EventBus, viewer: PDFViewer) {
    const { signal } = this;
    const { labels } = this.options;
    eventBus.on('pagesinit', () => void this.start(viewer), { signal });
    eventBus.on(
      'pagechanging',
      ({ pageNumber }: { pageNumber: number }) => this.events.onPageChange?.(pageNumber),
      { signal },
    );
    eventBus.on('updateviewarea', () => this.checkPages(viewer), { signal });
    eventBus.on(
      'pagerendered',
      ({ pageNumber, error }: { pageNumber: number; error: unknown }) => {
        const { div } = pageView(viewer, pageNumber);
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
      pageView(viewer, page).div.setAttribute('aria-label', labels.page(page));
    }
    this.scale?.begin();
    this.opened.resolve();
    if (this.options.page > 1) this.goToPage(this.options.page);
    this.hands?.setMarks(this.marks);
    this.events.onReady?.({ pageCount: document.numPages });
    await this.scale?.apply();
    // The outline can need many parts of the file: the first page goes before it.
    await viewer.onePageRendered;
    const outline = await readOutline(document);
    if (!this.signal.aborted) this.events.onOutline?.(outline);
  }

  /** Another screen, or the browser's own zoom: draws with as many pixels as there are now. */
  private followPixels(viewer: PDFViewer) {
    window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        viewer.refresh();
        this.followPixels(viewer);
      },
      { once: true, signal: this.signal },
    );
  }

  /** pdf.js leaves a page that cannot be read empty, and says so in the console alone. */
  private checkPages(viewer: PDFViewer): void {
    const { document } = this;
    if (!document) return;
    for (const view of visiblePages(viewer)) {
      if (view.pdfPage || view.div.dataset.failed) continue;
      known(document, view).catch(() => {
        if (!this.signal.aborted) view.div.dataset.failed = this.options.labels.pageFailed;
      });
    }
  }

  private whenOpen(act: (viewer: PDFViewer, document: PDFDocumentProxy) => void): void {
    void this.opened.promise.then(
      () => {
        if (this.viewer && this.document && !this.signal.aborted) act(this.viewer, this.document);
      },
      // The file did not open, which has been told already.
      () => undefined,
    );
  }

  setMarks(marks: readonly ViewMark[]): void {
    this.marks = marks;
    this.whenOpen(() => this.hands?.setMarks(marks));
  }

  setPointers(pointers: readonly Pointer[]): void {
    this.whenOpen(() => this.hands?.setPointers(pointers));
  }

  setWords(words: Words | undefined): void {
    this.whenOpen(() => this.hands?.setWords(words));
  }

  setTool(tool: Tool): void {
    this.whenOpen(() => this.hands?.setTool(tool));
  }

  setLayout({ scroll, spread }: PageLayout): void {
    this.whenOpen((viewer) => {
      // pdf.js's ScrollMode (VERTICAL, PAGE) and SpreadMode.
      const scrollMode = scroll === 'single' ? 3 : 0;
      const spreadMode = spread === 'odd' ? 1 : spread === 'even' ? 2 : 0;
      if (viewer.scrollMode !== scrollMode) viewer.scrollMode = scrollMode;
      if (viewer.spreadMode !== spreadMode) viewer.spreadMode = spreadMode;
      void this.scale?.apply();
    });
  }

  setTheme(theme: PageTheme): void {
    if (theme === this.theme) return;
    const redraw = colorsOf(theme) !== colorsOf(this.theme);
    this.theme = theme;
    // React has put the theme's name on the element by now.
    this.whenOpen(() => this.hands?.marks.rebake());
    if (!redraw) return;
    this.whenOpen((viewer) => {
      const colors = colorsOf(theme) ?? null;
      viewer.pageColors = colors;
      for (let page = 1; page <= viewer.pagesCount; page++) pageView(viewer, page).pageColors = colors;
      viewer.refresh();
    });
  }

  goToPage(page: number, at?: { x: number; y: number }): void {
    this.whenOpen((viewer, document) => {
      if (page < 1 || page > viewer.pagesCount) return;
      if (!at) {
        viewer.currentPageNumber = page;
        this.scale?.align();
        return;
      }
      void known(document, pageView(viewer, page)).then(() => {
        viewer.scrollPageIntoView({
          pageNumber: page,
          destArray: [null, { name: 'XYZ' }, at.x, at.y, null],
          allowNegativeOffset: true,
          ignoreDestinationZoom: true,
          center: 'both',
        });
        this.scale?.align();
      });
    });
  }

  place(): Place | undefined {
    const { viewer, container } = this;
    if (!viewer || !this.document || viewer.pagesCount === 0) return undefined;
    // Of the pages in the window the current one is seen most; its number is the
    // one that people remember, even where the page before it is still in sight.
    const page = viewer.currentPageNumber;
    const { div, viewport } = pageView(viewer, page);
    const [x, y] = viewport.convertToPdfPoint(
      container.scrollLeft - div.offsetLeft,
      container.scrollTop - div.offsetTop,
    ) as [number, number];
    return { page, x, y };
  }

  goToPlace({ page, x, y }: Place): void {
    this.whenOpen((viewer, document) => {
      void known(document, pageView(viewer, page)).then(() => {
        viewer.scrollPageIntoView({
          pageNumber: page,
          destArray: [null, { name: 'XYZ' }, x, y, null],
          allowNegativeOffset: true,
          ignoreDestinationZoom: true,
        });
        this.scale?.align();
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
    this.whenOpen(() => this.scale?.step(1));
  }

  zoomOut(): void {
    this.whenOpen(() => this.scale?.step(-1));
  }

  zoomTo(scale: number): void {
    this.whenOpen(() => this.scale?.set(scale));
  }

  fit(fit: Fit): void {
    this.whenOpen(() => void this.scale?.fit(fit));
  }

  rotate(degrees: 90 | -90): void {
    this.whenOpen((viewer) => {
      viewer.pagesRotation = (viewer.pagesRotation + degrees + 360) % 360;
      void this.scale?.apply();
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

  showMark(id: string): void {
    void this.bringMark(id);
  }

  focusMark(id: string): void {
    void this.bringMark(id).then(() => this.hands?.marks.focus(id));
  }

  private async bringMark(id: string): Promise<void> {
    await this.opened.promise.catch(() => undefined);
    const found = this.hands?.marks.find(id);
    if (found) await this.show(found.mark.page, found.box);
  }

  private async show(page: number, box: Rect): Promise<void> {
    const { document, viewer } = this;
    const view = this.pageMap?.view(page);
    if (!document || !viewer || !view) return;
    await known(document, view);
    // Of pages that come one at a time another may be shown.
    if (view.div.offsetParent === null) viewer.currentPageNumber = page;
    this.bringIntoSight(page, box);
  }

  /** Scrolls as little as shows a box with some room around it; a large one from its top. */
  private bringIntoSight(page: number, rect: Rect): void {
    const { container } = this;
    const box = this.pageMap?.clientRect(page, rect);
    if (!box) return;
    const frame = container.getBoundingClientRect();
    const room = Math.min(80, frame.height / 5);
    const seen = box.top >= frame.top + room / 2 && box.bottom <= frame.bottom - room / 2;
    if (!seen) container.scrollTop += box.top - frame.top - Math.max(room, (frame.height - box.height) / 3);
    if (box.left < frame.left) container.scrollLeft += box.left - frame.left - 24;
    else if (box.right > frame.right) container.scrollLeft += Math.min(box.right - frame.right + 24, box.left - frame.left);
  }

  clearSelection(): void {
    this.hands?.selection.clear();
  }

  selectionRect(): DOMRect | undefined {
    return this.hands?.selection.rect();
  }

  caret(on: boolean): void {
    this.whenOpen(() => {
      if (on) this.focus();
      this.hands?.caret.turn(on);
    });
  }

  offsetOf(page: number, y: number, x = 0): number | undefined {
    return this.document && this.pageMap?.offsetOf(page, x, y);
  }

  clientRect(page: number, rect: Rect): DOMRect | undefined {
    return this.document && this.pageMap?.clientRect(page, rect);
  }

  get scrollTop(): number {
    return this.container.scrollTop;
  }

  get viewportHeight(): number {
    return this.container.clientHeight;
  }

  get contentHeight(): number {
    return this.container.scrollHeight;
  }

  scrollTo(top: number): void {
    this.container.scrollTop = top;
  }

  async labels(): Promise<readonly string[] | null> {
    try {
      await this.opened.promise;
      return ((await this.document?.getPageLabels()) as string[] | null | undefined) ?? null;
    } catch {
      return null;
    }
  }

  async markBoxes(page: number, marks: readonly ViewMark[]): Promise<readonly MarkBox[]> {
    try {
      await this.opened.promise;
    } catch {
      return [];
    }
    const view = this.pageMap?.view(page);
    if (!view || !this.document) return [];
    await known(this.document, view);
    return marks.flatMap((mark) => {
      if (mark.page !== page) return [];
      const boxes = mark.quads.length > 0 ? mark.quads.map((quad) => quadBounds(quad)) : [markBounds(mark)];
      return boxes.flatMap((box) =>
        box ? [{ id: mark.id, tone: mark.tone, ...percentBox(view.viewport, box) }] : [],
      );
    });
  }

  async print(options: PrintOptions): Promise<void> {
    await this.opened.promise;
    const { document, hands, signal } = this;
    if (!document) return;
    const either = options.signal ? AbortSignal.any([signal, options.signal]) : signal;
    await printPages(document, { ...options, signal: either }, (page) => hands?.marks.on(page) ?? []);
  }

  focus(): void {
    const { container } = this;
    // Nobody asked for it by a key, so nobody needs to see where it went.
    container.dataset.focused = 'quietly';
    container.addEventListener('blur', () => delete container.dataset.focused, { once: true });
    container.focus({ preventScroll: true });
  }
}

/** Makes sure that a page's size and rotation are known: only then is a place on it. */
async function known(document: PDFDocumentProxy, view: PageView): Promise<void> {
  if (view.pdfPage) return;
  const page = await document.getPage(view.id);
  if (!view.pdfPage) view.setPdfPage(page);
}

function failureOf(reason: unknown): LoadFailure {
  if (reason instanceof SourceError) return reason.failure;
  const name = reason instanceof Error ? reason.name : '';
  return name === 'InvalidPDFException' || name === 'FormatError' || name === 'UnknownErrorException'
    ? 'damaged'
    : 'unknown';
}
