/**
 * Selecting text. A mouse or a pen is followed by our own words from the point it
 * stands on, in margins and between columns too. Fingers, and whatever else moves
 * the browser's own selection, are followed by that selection.
 */
import type { Pages } from './pages';
import type { Grip, Selection } from './selection';
import type { PageTexts } from './texts';

// Pixels that a pressed pointer moves before it drags.
const dragFrom = 3;
// Pixels from the window's edge where a drag begins to scroll, and pixels a frame at most.
const scrollZone = 32;
const fastest = 24;
// The browser's own selection is done when it has rested so long, in ms.
const restAfter = 250;

export interface SelectingOptions {
  readonly container: HTMLElement;
  readonly pages: Pages;
  readonly texts: PageTexts;
  readonly selection: Selection;
  readonly signal: AbortSignal;
  /** Whether the pointer selects: another tool may be in hand, or a mark is being moved. */
  readonly takes: (event: MouseEvent) => boolean;
  /** A press that selected nothing. True when it meant something. */
  readonly onClick: (event: MouseEvent) => boolean;
  /** The place of a press. */
  readonly onPlace: (grip: Grip) => void;
  readonly focus: () => void;
}

/** What has a press of its own. */
const own = 'a, button, input, textarea, select, .annotationLayer section, .annotationLayer .popup';

export class Selecting {
  /** How the pointer's last press was made. */
  private touching = false;
  private drag: { x: number; y: number; moved: boolean; clicks: number; last: MouseEvent; stop: AbortController } | undefined;
  private frame = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private byBrowser = false;

  constructor(private readonly options: SelectingOptions) {
    const { container, signal } = options;
    container.addEventListener(
      'pointerdown',
      (event) => {
        this.touching = event.pointerType === 'touch';
      },
      { signal, capture: true },
    );
    container.addEventListener('mousedown', (event) => this.press(event), { signal });
    container.addEventListener('click', (event) => this.tap(event), { signal });
    document.addEventListener('selectionchange', () => this.follow(), { signal });
    document.addEventListener('copy', (event) => this.copy(event), { signal, capture: true });
    signal.addEventListener('abort', () => {
      this.drag?.stop.abort();
      cancelAnimationFrame(this.frame);
      clearTimeout(this.rest);
    });
  }

  private press(event: MouseEvent) {
    const { container, pages, texts, selection } = this.options;
    if (event.button !== 0 || this.touching || !this.options.takes(event)) return;
    if (event.target instanceof Element && event.target.closest(own)) return;
    // The scroll bars belong to the container as well.
    const frame = container.getBoundingClientRect();
    if (event.clientX - frame.left >= container.clientWidth || event.clientY - frame.top >= container.clientHeight) return;
    const spot = pages.spotAt(event.clientX, event.clientY);
    const layout = spot && texts.get(spot.page);
    const touch = spot && layout?.touch(spot.x, spot.y);
    if (!spot || !layout || !touch) {
      // The browser selects by itself where the words are not known.
      selection.clear();
      return;
    }
    event.preventDefault();
    this.options.focus();
    this.byBrowser = false;
    document.getSelection()?.removeAllRanges();
    const clicks = event.detail;
    const range =
      clicks === 2
        ? layout.word(touch)
        : clicks === 3
          ? layout.sentence(touch)
          : clicks > 3
            ? layout.paragraph(touch)
            : undefined;
    const grip: Grip = { page: spot.page, touch, range };
    const from = selection.start;
    if (event.shiftKey && from) {
      selection.set(from, grip, false);
    } else {
      selection.set(grip, range ? grip : undefined, false);
    }
    const stop = new AbortController();
    this.drag = {
      x: event.clientX,
      y: event.clientY,
      moved: event.shiftKey && from !== undefined,
      clicks,
      last: event,
      stop,
    };
    this.options.onPlace(grip);
    const { signal } = stop;
    window.addEventListener('mousemove', (moved) => this.move(moved), { signal });
    window.addEventListener('mouseup', (up) => this.release(up), { signal });
    window.addEventListener('blur', () => this.finish(), { signal });
  }

  private move(event: MouseEvent) {
    const { drag } = this;
    if (!drag) return;
    // Released where it could not be seen.
    if ((event.buttons & 1) === 0) {
      this.finish();
      return;
    }
    drag.last = event;
    if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < dragFrom) return;
    drag.moved = true;
    this.frame ||= requestAnimationFrame(() => this.step());
  }

  /** One frame of a drag: scrolls at the window's edge, and selects as far as the pointer. */
  private step() {
    this.frame = 0;
    const { drag } = this;
    if (!drag) return;
    const { container } = this.options;
    const frame = container.getBoundingClientRect();
    const { clientY, clientX } = drag.last;
    const speed = (beyond: number) => Math.min(fastest, Math.max(0, beyond) * 0.6);
    const top = speed(clientY - (frame.bottom - scrollZone)) - speed(frame.top + scrollZone - clientY);
    const left = speed(clientX - (frame.right - scrollZone / 2)) - speed(frame.left + scrollZone / 2 - clientX);
    if (top !== 0 || left !== 0) {
      container.scrollBy({ top, left, behavior: 'instant' });
      this.frame = requestAnimationFrame(() => this.step());
    }
    this.extend(clientX, clientY, drag.clicks);
  }

  private extend(clientX: number, clientY: number, clicks: number) {
    const { pages, texts, selection } = this.options;
    const spot = pages.spotAt(clientX, clientY);
    const layout = spot && texts.get(spot.page);
    const { start } = selection;
    if (!spot || !layout || !start) return;
    const before = selection.end ?? start;
    const touch = layout.touch(spot.x, spot.y, before.page === spot.page ? before.touch.block : undefined);
    if (!touch) return;
    const range =
      start.range === undefined
        ? undefined
        : clicks === 2
          ? layout.word(touch)
          : clicks === 3
            ? layout.sentence(touch)
            : layout.paragraph(touch);
    selection.set(start, { page: spot.page, touch, range }, false);
  }

  private release(event: MouseEvent) {
    const { drag } = this;
    if (!drag) return;
    if (drag.moved) {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.extend(event.clientX, event.clientY, drag.clicks);
    }
    const { moved, clicks } = drag;
    this.finish();
    if (!moved && clicks === 1) this.options.onClick(event);
  }

  private finish() {
    this.drag?.stop.abort();
    this.drag = undefined;
    this.options.selection.settle();
  }

  /** A finger's tap, or a press where the words are not known. */
  private tap(event: MouseEvent) {
    if (event.target instanceof Element && event.target.closest(own)) return;
    if (!this.touching && this.options.texts.get(this.options.pages.pageOf(event.target) ?? 0)) return;
    if (!this.options.takes(event) || !document.getSelection()?.isCollapsed) return;
    this.options.selection.clear();
    this.options.onClick(event);
  }

  /** The browser's own selection has changed. */
  private follow() {
    if (this.drag) return;
    const { container, selection } = this.options;
    const chosen = document.getSelection();
    const range = chosen && chosen.rangeCount > 0 ? chosen.getRangeAt(0) : undefined;
    if (!range || range.collapsed || !container.contains(range.commonAncestorContainer)) {
      if (this.byBrowser) selection.clear();
      this.byBrowser = false;
      return;
    }
    this.byBrowser = true;
    const from = this.gripAt(range, 'start');
    const to = this.gripAt(range, 'end');
    if (from && to) selection.set(from, to, false);
    else selection.setPlain(chosen?.toString() ?? '', range.getBoundingClientRect(), false);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => selection.settle(), restAfter);
  }

  /** The word at one end of a range of the text layer. */
  private gripAt(range: Range, end: 'start' | 'end'): Grip | undefined {
    const { pages, texts } = this.options;
    const box = letterAt(range, end);
    if (!box) return undefined;
    const node = end === 'start' ? range.startContainer : range.endContainer;
    const page = pages.pageOf(node instanceof Element ? node : node.parentElement);
    const x = (box.left + box.right) / 2;
    const y = (box.top + box.bottom) / 2;
    const spot = page === undefined ? pages.spotAt(x, y) : pages.spotOn(page, x, y);
    const touch = spot && texts.get(spot.page)?.touch(spot.x, spot.y);
    if (!spot || !touch) return undefined;
    // The letter is selected, so its word is, wherever in it the letter stands.
    return { page: spot.page, touch: { ...touch, share: 0.5 } };
  }

  private copy(event: ClipboardEvent) {
    const { container, selection } = this.options;
    if (selection.isEmpty) return;
    const active = document.activeElement;
    const here = active === null || active === document.body || container.contains(active);
    const chosen = document.getSelection();
    const elsewhere = chosen && !chosen.isCollapsed && !container.contains(chosen.anchorNode);
    if (!here || elsewhere) return;
    event.clipboardData?.setData('text/plain', selection.text);
    event.preventDefault();
    // The text layer would put its own text there.
    event.stopPropagation();
  }
}

/** The box of the first or last letter of a range. */
function letterAt(range: Range, end: 'start' | 'end'): DOMRect | undefined {
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  if (range.commonAncestorContainer instanceof Text) return letterIn(range.commonAncestorContainer, range, end);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (range.intersectsNode(node) && node.parentElement?.closest('.textLayer')) nodes.push(node as Text);
  }
  if (end === 'end') nodes.reverse();
  for (const node of nodes) {
    const box = letterIn(node, range, end);
    if (box) return box;
  }
  return undefined;
}

function letterIn(node: Text, range: Range, end: 'start' | 'end'): DOMRect | undefined {
  const from = node === range.startContainer ? range.startOffset : 0;
  const to = node === range.endContainer ? range.endOffset : node.length;
  const said = node.data.slice(from, to);
  const inner = end === 'start' ? said.search(/\S/) : said.trimEnd().length - 1;
  if (inner < 0) return undefined;
  const letter = document.createRange();
  letter.setStart(node, from + inner);
  letter.setEnd(node, from + inner + 1);
  return letter.getClientRects()[0];
}
