/**
 * What a person does on the pages with pointer and keys: selects, goes with the
 * caret, draws, and takes hold of marks. Each has a file of its own; here they are
 * put in order.
 */
import type { EventBus } from 'pdfjs-dist/web/pdf_viewer.mjs';
import type { Rect } from '../anchoring/words';
import { TextCaret } from './caret';
import { Drawing } from './drawing';
import { MarkLayer } from './marks';
import { Moving } from './moving';
import { Overlay } from './overlay';
import type { Pages, Spot } from './pages';
import { markBounds } from './shapes';
import { PointerLayer } from './pointers';
import { Selecting } from './selecting';
import { Selection } from './selection';
import { PageTexts, type Words } from './texts';
import type { PdfEvents, PdfLabels, Pointer, Tool, ViewMark } from './types';

// A fingertip is less exact than a pointer; in pixels.
const fingerSlack = 8;

const isTap = (event: MouseEvent) => event instanceof PointerEvent && event.pointerType === 'touch';

export interface HandsOptions {
  readonly pages: Pages;
  readonly eventBus: EventBus;
  readonly signal: AbortSignal;
  readonly labels: PdfLabels;
  readonly events: () => PdfEvents;
  readonly say: (sentence: string) => void;
  readonly focus: () => void;
  /** Brings a box of a page into the window. */
  readonly show: (page: number, box: Rect) => Promise<void>;
}

export class Hands {
  readonly marks: MarkLayer;
  readonly selection: Selection;
  readonly caret: TextCaret;
  private readonly texts: PageTexts;
  private readonly overlay: Overlay;
  private readonly pointers: PointerLayer;
  private readonly drawing: Drawing;
  private readonly moving: Moving;
  private tool: Tool = 'select';
  private hovered: readonly string[] = [];
  private frame = 0;

  constructor(private readonly options: HandsOptions) {
    const { pages, eventBus, signal, labels, say, show, focus } = options;
    const { container } = pages;
    this.texts = new PageTexts((page, layout) => {
      const div = pages.view(page)?.div;
      // There the selection is drawn from the words, and the browser's own is not seen.
      if (div) div.toggleAttribute('data-words', layout !== null);
      this.selection.refresh(page);
      this.caret.refresh(page);
    });
    this.overlay = new Overlay(pages, eventBus, signal);
    this.overlay.add(({ page }) => void this.texts.ask(page));
    this.marks = new MarkLayer(pages, this.overlay, {
      activate: (id, at) => this.events.onMarkClick?.([id], at),
      focus: (id) => this.hover(id === null ? [] : [id]),
    });
    eventBus.on('pagerendered', ({ pageNumber }: { pageNumber: number }) => this.marks.rebake(pageNumber), { signal });
    this.selection = new Selection(pages, this.texts, this.overlay, (selection) => this.events.onSelect?.(selection));
    this.pointers = new PointerLayer(this.overlay);
    this.caret = new TextCaret({
      pages,
      texts: this.texts,
      overlay: this.overlay,
      selection: this.selection,
      labels,
      say,
      show,
      onChange: (on) => this.events.onCaret?.(on),
    });
    this.moving = new Moving({
      container,
      pages,
      marks: this.marks,
      signal,
      free: () => this.tool === 'select',
      onMove: (id, page, rect) => this.events.onMarkMove?.(id, page, rect),
      onClick: (event) => void this.click(event),
    });
    this.drawing = new Drawing({
      container,
      pages,
      overlay: this.overlay,
      labels,
      signal,
      say,
      focus,
      show,
      where: () => this.caret.spot ?? this.middle(),
      onDraw: (drawn) => this.events.onDraw?.(drawn),
      onToolEnd: () => this.events.onToolEnd?.(),
    });
    new Selecting({
      container,
      pages,
      texts: this.texts,
      selection: this.selection,
      signal,
      takes: (event) => !this.moving.holds && !this.drawing.takes(event),
      onClick: (event) => this.click(event),
      onPlace: (grip) => {
        if (this.caret.isOn) this.caret.place(grip);
      },
      focus,
    });
    this.listen(container, signal);
  }

  private get events(): PdfEvents {
    return this.options.events();
  }

  setMarks(marks: readonly ViewMark[]): void {
    this.marks.set(marks);
  }

  setPointers(pointers: readonly Pointer[]): void {
    this.pointers.set(pointers);
  }

  setWords(words: Words | undefined): void {
    this.texts.set(words);
    this.overlay.each(({ page }) => void this.texts.ask(page));
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    if (tool !== 'select') this.hover([]);
    this.drawing.setTool(tool);
  }

  private listen(container: HTMLElement, signal: AbortSignal) {
    container.addEventListener('keydown', (event) => this.key(event), { signal });
    container.addEventListener(
      'keyup',
      (event) => {
        if (event.key === 'Shift') this.caret.rest();
      },
      { signal },
    );
    container.addEventListener('click', (event) => this.tapLink(event), { signal, capture: true });
    container.addEventListener('mousemove', (event) => this.pass(event), { signal });
    container.addEventListener('mouseleave', () => this.hover([]), { signal });
    signal.addEventListener('abort', () => cancelAnimationFrame(this.frame));
  }

  private key(event: KeyboardEvent) {
    if (event.defaultPrevented) return;
    const inButton = event.target instanceof Element && event.target.closest('a, button, input, textarea') !== null;
    const taken =
      this.moving.key(event) ||
      (event.key === 'F7' && this.turnCaret()) ||
      (!inButton && (this.drawing.key(event) || this.enterMark(event) || this.caret.key(event))) ||
      (event.key === 'Escape' && this.escape());
    if (taken) event.preventDefault();
  }

  private turnCaret(): boolean {
    this.caret.turn(!this.caret.isOn);
    return true;
  }

  /** Enter with the caret on a mark is a click on it. */
  private enterMark(event: KeyboardEvent): boolean {
    const { spot } = this.caret;
    return event.key === 'Enter' && spot !== undefined && this.clickAt(spot);
  }

  private escape(): boolean {
    if (!this.selection.isEmpty) {
      this.selection.clear();
      return true;
    }
    return this.caret.isOn && this.turnCaret();
  }

  /** The pointer moves over the pages with nothing pressed. */
  private pass(event: MouseEvent) {
    if (event.buttons !== 0 || this.tool !== 'select') return;
    const { clientX, clientY, target } = event;
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const { pages } = this.options;
      const onLink = target instanceof Element && target.closest('.annotationLayer section') !== null;
      const spot = pages.pageOf(target) === undefined ? undefined : pages.spotAt(clientX, clientY);
      const under = spot ? this.marks.at(spot) : [];
      const cursor = this.moving.cursorAt(clientX, clientY) ?? (under.length > 0 && !onLink ? 'mark' : undefined);
      const { dataset } = pages.container;
      if (cursor) dataset.cursor = cursor;
      else delete dataset.cursor;
      this.hover(under.map(({ id }) => id));
    });
  }

  private hover(ids: readonly string[]) {
    if (ids.length === this.hovered.length && ids.every((id, i) => id === this.hovered[i])) return;
    this.hovered = ids;
    this.events.onMarkHover?.(ids);
  }

  private click(event: MouseEvent): boolean {
    const { pages } = this.options;
    // A click on the desk beside a page is on no mark. (The event's target is the
    // element that held the pointer.)
    const { clientX, clientY } = event;
    const onPage = pages.pageOf(document.elementFromPoint(clientX, clientY)) !== undefined;
    const spot = onPage ? pages.spotAt(clientX, clientY) : undefined;
    return spot !== undefined && this.clickAt(spot, isTap(event) ? fingerSlack : undefined);
  }

  /**
   * A finger cannot rest on a citation before it follows the file's link there, so
   * its tap is told as one on the citation.
   */
  private tapLink(event: MouseEvent) {
    if (!isTap(event) || this.tool !== 'select') return;
    const link = event.target instanceof Element && event.target.closest('.annotationLayer [data-internal-link]');
    if (!link) return;
    const { pages } = this.options;
    const { left, top, width, height } = link.getBoundingClientRect();
    const places: [number, number][] = [
      [event.clientX, event.clientY],
      [left + width / 2, top + height / 2],
    ];
    const spot = places
      .map(([x, y]) => pages.spotAt(x, y))
      .find((one) => one && this.marks.at(one).some(({ shape }) => shape === 'citation'));
    if (!spot || !this.clickAt(spot)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private clickAt(spot: Spot, slack?: number): boolean {
    const under = this.marks.at(spot, slack);
    const box = under[0] && markBounds(under[0]);
    const at = box && this.options.pages.clientRect(spot.page, box);
    if (!at) return false;
    this.events.onMarkClick?.(
      under.map(({ id }) => id),
      at,
    );
    return true;
  }

  private middle(): Spot | undefined {
    const { pages } = this.options;
    const frame = pages.container.getBoundingClientRect();
    return pages.spotAt(frame.left + frame.width / 2, frame.top + frame.height / 2);
  }
}
