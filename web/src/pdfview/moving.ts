/** Moving and resizing marks that have a box, by pointer and by keys. */
import type { Rect } from '../anchoring/words';
import { moveBox, resizeBox, type Edges } from './boxes';
import { arrows } from './drawing';
import { corners, type Corner, type MarkLayer } from './marks';
import type { Pages, Spot } from './pages';
import type { ViewMark } from './types';

// Pixels around a corner that take hold of it, and pixels that a pressed pointer moves before it drags.
const reach = 9;
const dragFrom = 3;
// Points that an arrow key goes, and with Shift.
const step = 1;
const largeStep = 10;
const leastBox = 4;
// Keys that follow within this many ms are one move.
const keyRest = 700;
// A place that nobody takes up is given back after this many ms.
const forgetAfter = 5000;

export interface MovingOptions {
  readonly container: HTMLElement;
  readonly pages: Pages;
  readonly marks: MarkLayer;
  readonly signal: AbortSignal;
  /** Whether the pointer is free to move marks. */
  readonly free: () => boolean;
  readonly onMove: (id: string, page: number, rect: Rect) => void;
  /** A press that did not move the mark. */
  readonly onClick: (event: MouseEvent) => void;
}

interface Hold {
  readonly mark: ViewMark & { readonly rect: Rect };
  readonly corner: Corner | undefined;
}

export class Moving {
  private drag: (Hold & { start: Spot; x: number; y: number; rect: Rect; moved: boolean; stop: AbortController }) | undefined;
  private keyed: { id: string; page: number; rect: Rect } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Set while a press is a move, so that it is no click. */
  private pressed = false;

  constructor(private readonly options: MovingOptions) {
    const { container, signal } = options;
    container.addEventListener('pointerdown', (event) => this.begin(event), { signal, capture: true });
    container.addEventListener('focusout', () => this.tellKeyed(), { signal });
    signal.addEventListener('abort', () => {
      this.drag?.stop.abort();
      clearTimeout(this.timer);
    });
  }

  /** Whether the press under way takes hold of a mark. */
  get holds(): boolean {
    return this.pressed;
  }

  /** What would be taken hold of there: the cursor says so. */
  cursorAt(clientX: number, clientY: number): 'move' | 'nwse' | 'nesw' | undefined {
    if (!this.options.free()) return undefined;
    const hold = this.holdAt(clientX, clientY);
    if (!hold) return undefined;
    if (!hold.corner) return hold.mark.active ? 'move' : undefined;
    return hold.corner === 'nw' || hold.corner === 'se' ? 'nwse' : 'nesw';
  }

  private holdAt(clientX: number, clientY: number): Hold | undefined {
    const { pages, marks } = this.options;
    const spot = pages.spotAt(clientX, clientY);
    if (!spot) return undefined;
    const movable = marks.on(spot.page).filter((mark): mark is Hold['mark'] => Boolean(mark.movable && mark.rect));
    for (const mark of movable) {
      if (!mark.active || mark.shape === 'note') continue;
      const box = pages.clientRect(spot.page, mark.rect);
      const corner = box && corners.find((one) => Math.hypot(clientX - cornerX(box, one), clientY - cornerY(box, one)) <= reach);
      if (corner) return { mark, corner };
    }
    const under = marks.at(spot);
    const mark = movable.find(({ id, active, shape }) => (active || shape === 'note') && under.some((one) => one.id === id));
    // A smaller mark inside it is clicked, not moved.
    return mark && (under[0]?.id === mark.id || mark.active) ? { mark, corner: undefined } : undefined;
  }

  private begin(event: PointerEvent) {
    this.pressed = false;
    if (event.button !== 0 || !event.isPrimary || event.altKey || !this.options.free()) return;
    if (event.target instanceof Element && event.target.closest('a')) return;
    const hold = this.holdAt(event.clientX, event.clientY);
    const { container, pages } = this.options;
    const start = pages.spotAt(event.clientX, event.clientY);
    if (!hold || !start) return;
    this.pressed = true;
    const stop = new AbortController();
    this.drag = { ...hold, start, x: event.clientX, y: event.clientY, rect: hold.mark.rect, moved: false, stop };
    const { signal } = stop;
    container.setPointerCapture(event.pointerId);
    container.addEventListener('pointermove', (moved) => this.go(moved), { signal });
    container.addEventListener('pointerup', (up) => this.end(up), { signal });
    container.addEventListener('pointercancel', () => this.cancel(), { signal });
    container.addEventListener('mousedown', (down) => down.preventDefault(), { signal, capture: true });
  }

  private go(event: PointerEvent) {
    const { drag } = this;
    const view = drag && this.options.pages.view(drag.start.page);
    if (!drag || !view) return;
    const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(right, down) < dragFrom) return;
    drag.moved = true;
    const { viewport } = view;
    const [dx, dy] = [right / viewport.scale, down / viewport.scale];
    const { mark, corner } = drag;
    drag.rect = corner
      ? resizeBox(viewport, mark.rect, edgesOf(corner), dx, dy, leastBox)
      : moveBox(viewport, mark.rect, dx, dy);
    this.options.marks.shift({ id: mark.id, page: mark.page, rect: drag.rect });
  }

  private end(event: PointerEvent) {
    const { drag } = this;
    if (!drag) return;
    drag.stop.abort();
    this.drag = undefined;
    if (!drag.moved) {
      this.options.onClick(event);
      return;
    }
    this.tell({ id: drag.mark.id, page: drag.mark.page, rect: drag.rect });
  }

  private cancel() {
    this.drag?.stop.abort();
    this.drag = undefined;
    this.keyed = undefined;
    clearTimeout(this.timer);
    this.options.marks.shift(undefined);
  }

  /** True when the key moved the mark that has the focus. */
  key(event: KeyboardEvent): boolean {
    const { marks, pages } = this.options;
    if (event.key === 'Escape' && (this.drag || this.keyed)) {
      this.cancel();
      return true;
    }
    const arrow = arrows[event.key];
    const id = marks.focused;
    const found = id === undefined ? undefined : marks.find(id);
    const view = found && pages.view(found.mark.page);
    if (!arrow || event.altKey || !view || !found.mark.movable || !found.mark.rect) return false;
    const { id: markId, page, shape } = found.mark;
    const far = event.shiftKey ? largeStep : step;
    const before = this.keyed?.id === markId ? this.keyed.rect : found.mark.rect;
    const resize = (event.ctrlKey || event.metaKey) && shape !== 'note';
    const rect = resize
      ? resizeBox(view.viewport, before, { right: true, bottom: true }, arrow[0] * far, arrow[1] * far, leastBox)
      : moveBox(view.viewport, before, arrow[0] * far, arrow[1] * far);
    this.keyed = { id: markId, page, rect };
    marks.shift(this.keyed);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tellKeyed(), keyRest);
    return true;
  }

  private tellKeyed() {
    const { keyed } = this;
    this.keyed = undefined;
    if (keyed) this.tell(keyed);
  }

  private tell(moved: { id: string; page: number; rect: Rect }) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.options.marks.shift(undefined), forgetAfter);
    this.options.onMove(moved.id, moved.page, moved.rect);
  }
}

const cornerX = (box: DOMRect, corner: Corner) => (corner.endsWith('w') ? box.left : box.right);
const cornerY = (box: DOMRect, corner: Corner) => (corner.startsWith('n') ? box.top : box.bottom);

const edgesOf = (corner: Corner): Edges => ({
  left: corner.endsWith('w'),
  right: corner.endsWith('e'),
  top: corner.startsWith('n'),
  bottom: corner.startsWith('s'),
});
