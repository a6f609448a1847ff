/**
 * The tools in hand: a box for an area or for text, a note's place, a line of ink;
 * by pointer, or by keys. What is drawn is told and not kept.
 */
import { simplify } from '../anchoring/simplify';
import type { Rect } from '../anchoring/words';
import { boxAt, boxBetween, moveBox, resizeBox } from './boxes';
import { drawing, svgNamespace, type Overlay, type Sheet } from './overlay';
import { shownBox, type Pages, type Spot } from './pages';
import { boxPath, inkPath } from './shapes';
import type { Drawn, PdfLabels, Tool } from './types';

type Shape = Drawn['shape'];

// Points. A smaller box was a slip of the hand.
const leastBox = 4;
const noteSize = 18;
const textBox = [180, 36] as const;
const areaBox = [200, 120] as const;
// How far an arrow key goes.
const step = 8;
// Ink is a line within this many points of what was drawn; pen strokes that follow
// within this many ms belong together.
const inkError = 0.25;
const strokeGap = 900;

export interface DrawingOptions {
  readonly container: HTMLElement;
  readonly pages: Pages;
  readonly overlay: Overlay;
  readonly labels: PdfLabels;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
  readonly focus: () => void;
  /** Where a box that is placed by keys begins: the caret, or the middle of the window. */
  readonly where: () => Spot | undefined;
  readonly show: (page: number, box: Rect) => Promise<void>;
  readonly onDraw: (drawn: Drawn) => void;
  readonly onToolEnd: () => void;
}

type Draft =
  | { readonly shape: 'area' | 'note' | 'text'; readonly page: number; readonly rect: Rect; readonly byKeys: boolean }
  | { readonly shape: 'ink'; readonly page: number; readonly paths: number[][]; readonly byKeys: boolean };

export class Drawing {
  private tool: Tool = 'select';
  private draft: Draft | undefined;
  private press: { start: Spot; shape: Shape; pointer: number; stop: AbortController } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: DrawingOptions) {
    const { container, signal, overlay } = options;
    overlay.add((sheet) => this.draw(sheet));
    container.addEventListener('pointerdown', (event) => this.begin(event), { signal });
    signal.addEventListener('abort', () => {
      this.press?.stop.abort();
      clearTimeout(this.timer);
    });
  }

  setTool(tool: Tool): void {
    if (tool === this.tool) return;
    this.finishInk();
    this.cancel();
    this.tool = tool;
    if (tool === 'select') delete this.options.container.dataset.tool;
    else this.options.container.dataset.tool = tool;
  }

  /** Whether a press of the mouse draws. */
  takes(event: MouseEvent): boolean {
    return this.tool !== 'select' || event.altKey || this.press !== undefined;
  }

  /** True when the key was one of a tool's. */
  key(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') return this.escape();
    if (this.tool === 'select' && !this.draft?.byKeys) return false;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'Enter') return this.enter();
    const arrow = arrows[event.key];
    if (!arrow || !this.draft?.byKeys) return false;
    this.shift(this.draft, arrow[0] * step, arrow[1] * step, event.shiftKey);
    return true;
  }

  private escape(): boolean {
    if (this.draft || this.press) {
      this.cancel();
      return true;
    }
    if (this.tool === 'select') return false;
    this.options.onToolEnd();
    return true;
  }

  private enter(): boolean {
    const { draft, tool } = this;
    if (draft?.byKeys) {
      this.confirm();
      return true;
    }
    if (tool === 'select') return false;
    const { pages, labels, say } = this.options;
    const spot = this.options.where();
    const view = spot && pages.view(spot.page);
    if (!spot || !view) return false;
    if (tool === 'ink') {
      this.put({ shape: 'ink', page: spot.page, paths: [[spot.x, spot.y]], byKeys: true });
    } else {
      const [width, height] = tool === 'note' ? [noteSize, noteSize] : tool === 'text' ? textBox : areaBox;
      const rect = boxAt(view.viewport, spot, width, height, 'middle');
      this.put({ shape: tool, page: spot.page, rect, byKeys: true });
      void this.options.show(spot.page, rect);
    }
    say(labels.placing(tool));
    return true;
  }

  private shift(draft: Draft, right: number, down: number, resize: boolean) {
    const view = this.options.pages.view(draft.page);
    if (!view) return;
    const { viewport } = view;
    if (draft.shape === 'ink') {
      const path = draft.paths.at(-1)!;
      const pen: Rect = [path.at(-2)!, path.at(-1)!, path.at(-2)!, path.at(-1)!];
      const [x, y] = moveBox(viewport, pen, right, down);
      this.put({ ...draft, paths: [[...path, x, y]] });
      return;
    }
    const rect =
      resize && draft.shape !== 'note'
        ? resizeBox(viewport, draft.rect, { right: true, bottom: true }, right, down, leastBox)
        : moveBox(viewport, draft.rect, right, down);
    this.put({ ...draft, rect });
    void this.options.show(draft.page, rect);
  }

  private begin(event: PointerEvent) {
    if (event.button !== 0 || !event.isPrimary) {
      // A second finger zooms: that is no stroke.
      if (this.press && event.pointerType === 'touch') this.cancel();
      return;
    }
    const shape: Shape | undefined = this.tool !== 'select' ? this.tool : event.altKey ? 'area' : undefined;
    if (!shape || event.defaultPrevented) return;
    const { container, pages } = this.options;
    const start = pages.spotAt(event.clientX, event.clientY);
    if (!start || pages.pageOf(event.target) === undefined) return;
    event.preventDefault();
    if (this.draft && (this.draft.shape !== 'ink' || this.draft.byKeys)) this.cancel();
    this.options.focus();
    const stop = new AbortController();
    this.press = { start, shape, pointer: event.pointerId, stop };
    const { signal } = stop;
    container.setPointerCapture(event.pointerId);
    container.addEventListener('pointermove', (moved) => this.go(moved), { signal });
    container.addEventListener('pointerup', (up) => this.end(up), { signal });
    container.addEventListener('pointercancel', () => this.cancel(), { signal });
    // The browser would begin to select.
    container.addEventListener('mousedown', (down) => down.preventDefault(), { signal, capture: true });
    if (shape !== 'ink') return;
    clearTimeout(this.timer);
    const { draft } = this;
    // A stroke on another page is another drawing.
    if (draft?.shape === 'ink' && draft.page !== start.page) this.finishInk();
    const before = this.draft?.shape === 'ink' ? this.draft.paths : [];
    this.put({ shape: 'ink', page: start.page, paths: [...before, [start.x, start.y]], byKeys: false });
  }

  private go(event: PointerEvent) {
    const { press } = this;
    if (!press || event.pointerId !== press.pointer) return;
    const { pages } = this.options;
    const { page } = press.start;
    const view = pages.view(page);
    if (!view) return;
    if (press.shape === 'ink') {
      if (this.draft?.shape !== 'ink') return;
      const path = this.draft.paths.at(-1)!;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length > 0 ? events : [event]) {
        const spot = pages.spotOn(page, one.clientX, one.clientY);
        if (!spot) continue;
        const [x, y] = boxBetween(view.viewport, spot, spot);
        path.push(x, y);
      }
      this.put({ ...this.draft });
      return;
    }
    if (press.shape === 'note') return;
    const spot = pages.spotOn(page, event.clientX, event.clientY);
    if (spot) this.put({ shape: press.shape, page, rect: boxBetween(view.viewport, press.start, spot), byKeys: false });
  }

  private end(event: PointerEvent) {
    const { press, draft } = this;
    if (!press || event.pointerId !== press.pointer) return;
    press.stop.abort();
    this.press = undefined;
    const { page } = press.start;
    const view = this.options.pages.view(page);
    if (!view) return;
    if (press.shape === 'ink') {
      this.timer = setTimeout(() => this.finishInk(), strokeGap);
      return;
    }
    const drawn = draft?.shape === 'area' || draft?.shape === 'text' ? draft.rect : undefined;
    const large = drawn && drawn[2] - drawn[0] >= leastBox && drawn[3] - drawn[1] >= leastBox;
    this.put(undefined);
    if (press.shape === 'note') {
      const at = this.options.pages.spotOn(page, event.clientX, event.clientY) ?? press.start;
      this.options.onDraw({ shape: 'note', page, rect: boxAt(view.viewport, at, noteSize, noteSize, 'middle') });
    } else if (large) {
      this.options.onDraw({ shape: press.shape, page, rect: drawn });
    } else if (press.shape === 'text') {
      this.options.onDraw({ shape: 'text', page, rect: boxAt(view.viewport, press.start, ...textBox, 'corner') });
    }
  }

  private confirm() {
    const { draft } = this;
    this.put(undefined);
    if (!draft) return;
    if (draft.shape !== 'ink') this.options.onDraw({ shape: draft.shape, page: draft.page, rect: draft.rect });
    else this.tellInk(draft.page, draft.paths);
  }

  /** Tells the strokes so far. */
  private finishInk() {
    clearTimeout(this.timer);
    const { draft } = this;
    if (draft?.shape !== 'ink' || draft.byKeys || this.press) return;
    this.put(undefined);
    this.tellInk(draft.page, draft.paths);
  }

  private tellInk(page: number, paths: readonly (readonly number[])[]) {
    const lines = paths.map((path) => simplify(path, inkError)).filter((path) => path.length >= 4);
    if (lines.length > 0) this.options.onDraw({ shape: 'ink', page, paths: lines });
  }

  private cancel() {
    this.press?.stop.abort();
    this.press = undefined;
    clearTimeout(this.timer);
    this.put(undefined);
  }

  private put(draft: Draft | undefined) {
    const pages = new Set([this.draft?.page, draft?.page]);
    this.draft = draft;
    for (const page of pages) {
      const sheet = page === undefined ? undefined : this.options.overlay.sheet(page);
      if (sheet) this.draw(sheet);
    }
  }

  private draw(sheet: Sheet) {
    const { draft } = this;
    if (draft?.page !== sheet.page) {
      sheet.drop('draft');
      return;
    }
    const svg = drawing(sheet);
    const path = document.createElementNS(svgNamespace, 'path');
    path.setAttribute('class', draft.shape === 'ink' ? 'pdfStroke' : 'pdfBox');
    path.setAttribute(
      'd',
      draft.shape === 'ink' ? inkPath(sheet.viewport, draft.paths) : boxPath(shownBox(sheet.viewport, draft.rect)),
    );
    svg.append(path);
    sheet.layer('draft').replaceChildren(svg);
  }
}

/** What an arrow key means as shown: to the right, and down. */
export const arrows: Record<string, readonly [right: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
