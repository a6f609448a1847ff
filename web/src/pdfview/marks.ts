/**
 * Draws marks on the pages, and gives each a button that the Tab key finds. The
 * marks of a page are a few paths of two drawings, whatever their number of lines:
 * one that blends with the page, one that lies over it.
 */
import { isUpright, quadBounds } from '../anchoring/quads';
import type { Rect } from '../anchoring/words';
import { bake, type Fill } from './bake';
import { marksAt, markSize } from './markHits';
import { drawing, svgNamespace, type Overlay, type Sheet } from './overlay';
import { percentBox, shownBox, type Pages, type Spot } from './pages';
import { boxPath, bubble, inkPath, markBounds, quadsPath, underlinePath } from './shapes';
import type { ViewMark } from './types';

// Each blending inside a drawing costs a frame of scrolling something; on a page with
// more overlaps than this the smaller mark just covers the larger one.
const mostOverlaps = 24;

// So many pixels beside a mark still count, however small the page is shown.
const pointerSlack = 3;

/** What the buttons tell. */
export interface MarkButtons {
  activate(id: string, at: DOMRect): void;
  focus(id: string | null): void;
}

export class MarkLayer {
  private byPage = new Map<number, readonly ViewMark[]>();
  private firstPage = new Map<string, number>();
  private moved: { id: string; page: number; rect: Rect } | undefined;

  constructor(
    private readonly pages: Pages,
    private readonly overlay: Overlay,
    private readonly buttons: MarkButtons,
  ) {
    overlay.add((sheet) => this.draw(sheet));
  }

  /** The page's picture is another one, or its colours are. */
  rebake(page?: number): void {
    if (page === undefined) this.overlay.each((sheet) => this.bake(sheet));
    else {
      const sheet = this.overlay.sheet(page);
      if (sheet) this.bake(sheet);
    }
  }

  /**
   * Puts a picture of the blended marks in place of the drawing that blends. Where
   * it cannot be, the drawing is seen as before.
   */
  private bake(sheet: Sheet) {
    if (this.on(sheet.page).length === 0) return;
    const layer = sheet.layer('marks');
    layer.querySelector(':scope > canvas')?.remove();
    delete layer.dataset.baked;
    const style = getComputedStyle(layer);
    const theme = layer.closest<HTMLElement>('.pdfView')?.dataset.theme;
    // On tinted paper the page's own picture blends already.
    if (!sheet.finished || theme === 'sepia') return;
    const fills: Fill[] = [];
    for (const mark of this.sorted(sheet)) {
      const color = style.getPropertyValue(`--${toneOf(mark)}-fill`).trim();
      if (!color || !mark.quads.every(isUpright)) return;
      // The same strengths as in PdfView.css.
      const faint = mark.shape === 'area' || mark.shape === 'text' || mark.shape === 'underline' || mark.shape === 'citation';
      const strength = (faint ? (mark.active ? 0.45 : 0.3) : 1) * (mark.faded ? 0.35 : 1);
      const boxes = fillBoxes(mark).map((box) => shownBox(sheet.viewport, box));
      if (boxes.length > 0) fills.push({ boxes, color, strength });
    }
    const picture = fills.length > 0 ? bake(sheet, sheet.wrapper, fills, theme === 'dark' ? 'screen' : 'multiply') : undefined;
    if (!picture) return;
    layer.append(picture);
    layer.dataset.baked = '';
  }

  /** What is on a page from the lowest up: the smaller above the larger, what was looked for below all. */
  private sorted({ page }: Sheet): ViewMark[] {
    const { moved } = this;
    return this.on(page)
      .map((mark) => (moved?.id === mark.id && moved.page === mark.page ? { ...mark, rect: moved.rect } : mark))
      .toSorted((a, b) => rank(a) - rank(b) || markSize(b) - markSize(a));
  }

  set(marks: readonly ViewMark[]): void {
    const before = this.byPage;
    const { moved } = this;
    const shifted = moved && this.on(moved.page).find(({ id }) => id === moved.id);
    this.byPage = Map.groupBy(marks, (mark) => mark.page);
    this.firstPage = new Map();
    for (const { id, page } of marks) this.firstPage.set(id, Math.min(page, this.firstPage.get(id) ?? page));
    // The caller has taken up a move, or undone it.
    if (moved && !this.on(moved.page).some((mark) => mark === shifted)) this.moved = undefined;
    for (const page of new Set([...before.keys(), ...this.byPage.keys()])) {
      if (!same(before.get(page), this.byPage.get(page))) this.redraw(page);
    }
  }

  on(page: number): readonly ViewMark[] {
    return this.byPage.get(page) ?? [];
  }

  /** A mark's first page and its box there. */
  find(id: string): { mark: ViewMark; box: Rect } | undefined {
    const page = this.firstPage.get(id);
    const mark = page === undefined ? undefined : this.on(page).find((one) => one.id === id);
    const box = mark && markBounds(mark);
    return mark && box ? { mark, box } : undefined;
  }

  /** The marks under a point, the smallest first, each once. What was looked for is no mark to click. */
  at(spot: Spot, pixels = pointerSlack): ViewMark[] {
    const view = this.pages.view(spot.page);
    const slack = pixels / (view?.viewport.scale ?? 1);
    const shown = this.on(spot.page).filter(({ shape }) => shape !== 'hit' && shape !== 'passage');
    return marksAt(shown, spot.x, spot.y, slack).filter(
      (mark, i, all) => all.findIndex(({ id }) => id === mark.id) === i,
    );
  }

  /** Shows a mark elsewhere while it is being moved; undefined puts it back. */
  shift(moved: { id: string; page: number; rect: Rect } | undefined): void {
    const pages = new Set([this.moved?.page, moved?.page]);
    this.moved = moved;
    for (const page of pages) if (page !== undefined) this.redraw(page);
  }

  focus(id: string): void {
    const page = this.firstPage.get(id);
    const button = page === undefined ? undefined : this.button(page, id);
    button?.focus({ preventScroll: true });
  }

  /** The id of the mark that has the focus. */
  get focused(): string | undefined {
    const active = document.activeElement;
    return active instanceof HTMLElement && active.matches('.pdfMarkButtons > button') ? active.dataset.mark : undefined;
  }

  private button(page: number, id: string): HTMLButtonElement | undefined {
    const all = this.pages.view(page)?.div.querySelectorAll<HTMLButtonElement>('.pdfMarkButtons > button') ?? [];
    return [...all].find((button) => button.dataset.mark === id);
  }

  private redraw(page: number) {
    const sheet = this.overlay.sheet(page);
    if (sheet) this.draw(sheet);
  }

  private draw(sheet: Sheet) {
    const moved = this.moved;
    const marks = this.on(sheet.page).map((mark) =>
      moved?.id === mark.id && moved.page === mark.page ? { ...mark, rect: moved.rect } : mark,
    );
    if (marks.length === 0) {
      for (const name of ['marks', 'over', 'buttons'] as const) sheet.drop(name);
      return;
    }
    const below = drawing(sheet);
    const over = drawing(sheet);
    const texts: HTMLElement[] = [];
    const sorted = this.sorted(sheet);
    const drawn: Rect[] = [];
    const overlapping: SVGElement[] = [];
    for (const mark of sorted) {
      const box = markBounds(mark);
      if (!box) continue;
      const fills = fillsOf(sheet, mark);
      if (fills.length > 0) {
        const blended = document.createElementNS(svgNamespace, 'g');
        blended.append(...fills);
        if (overlapping.length <= mostOverlaps && drawn.some((other) => meet(other, box))) overlapping.push(blended);
        drawn.push(box);
        below.append(blended);
      }
      over.append(...linesOf(sheet, mark));
      if (mark.shape === 'text') texts.push(textOf(sheet, mark));
      if (mark.active && mark.movable && mark.rect) texts.push(...handlesOf(sheet, mark.rect, mark));
    }
    // Two colours make a third where they meet.
    if (overlapping.length <= mostOverlaps) for (const element of overlapping) element.dataset.overlaps = '';
    sheet.layer('marks').replaceChildren(below);
    sheet.layer('over').replaceChildren(over, ...texts);
    this.bake(sheet);
    this.drawButtons(sheet, marks);
  }

  private drawButtons(sheet: Sheet, marks: readonly ViewMark[]) {
    const layer = sheet.layer('buttons');
    const known = new Map<string, HTMLButtonElement>();
    for (const child of layer.children) {
      if (child instanceof HTMLButtonElement) known.set(child.dataset.mark ?? '', child);
    }
    let last: Element | null = null;
    for (const mark of marks) {
      const box = markBounds(mark);
      if (!mark.label || !box || this.firstPage.get(mark.id) !== mark.page) continue;
      const button = known.get(mark.id) ?? this.makeButton(mark.id);
      known.delete(mark.id);
      button.setAttribute('aria-label', mark.label);
      setBox(button, sheet, box);
      // Moving a button takes its focus away: only where the order is another.
      const next: Element | null = last ? last.nextElementSibling : layer.firstElementChild;
      if (next !== button) layer.insertBefore(button, next);
      last = button;
    }
    for (const gone of known.values()) gone.remove();
  }

  private makeButton(id: string): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.mark = id;
    button.addEventListener('click', () => this.buttons.activate(id, button.getBoundingClientRect()));
    button.addEventListener('focus', () => this.buttons.focus(id));
    button.addEventListener('blur', () => this.buttons.focus(null));
    return button;
  }
}

const same = (a: readonly ViewMark[] = [], b: readonly ViewMark[] = []) =>
  a.length === b.length && a.every((mark, i) => mark === b[i]);

const toneOf = ({ tone }: ViewMark) => tone.replace(/[^\w-]/g, '');

/** What of a mark blends with the page, in PDF points. */
function fillBoxes(mark: ViewMark): Rect[] {
  switch (mark.shape) {
    case 'highlight':
    case 'hit':
    case 'passage':
      return mark.quads.map(quadBounds);
    case 'underline':
    case 'citation':
      return mark.active ? mark.quads.map(quadBounds) : [];
    case 'area':
    case 'text':
      return mark.rect ? [mark.rect] : [];
    case 'note':
    case 'ink':
      return [];
  }
}

const rank = ({ shape }: ViewMark) => (shape === 'passage' ? 0 : shape === 'hit' ? 1 : 2);

const meet = (a: Rect, b: Rect) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

export function setBox(element: HTMLElement, sheet: Pick<Sheet, 'viewport'>, rect: Rect): void {
  const { left, top, width, height } = percentBox(sheet.viewport, rect);
  element.style.left = `${left}%`;
  element.style.top = `${top}%`;
  element.style.width = `${width}%`;
  element.style.height = `${height}%`;
}

function path(mark: ViewMark, part: string, data: string): SVGPathElement {
  const element = document.createElementNS(svgNamespace, 'path');
  element.setAttribute('d', data);
  dress(element, mark);
  element.setAttribute('class', `pdfMark ${part}`);
  return element;
}

function dress(element: SVGElement | HTMLElement, mark: ViewMark) {
  const { dataset, style } = element;
  dataset.mark = mark.id;
  dataset.shape = mark.shape;
  dataset.tone = mark.tone;
  if (mark.active) dataset.active = '';
  if (mark.faded) dataset.faded = '';
  const tone = toneOf(mark);
  style.setProperty('--mark-fill', `var(--${tone}-fill)`);
  style.setProperty('--mark-ink', `var(--${tone}-ink)`);
}

/**
 * What blends with the page. One box a path: the browser fills a plain box, and
 * leaves out those that are not in sight, much faster than a path of many.
 */
function fillsOf({ viewport }: Sheet, mark: ViewMark): SVGPathElement[] {
  switch (mark.shape) {
    case 'highlight':
    case 'hit':
    case 'passage':
      return mark.quads.map((quad) => path(mark, 'fill', quadsPath(viewport, [quad])));
    case 'underline':
    case 'citation':
      // A faint band says what is underlined when it is looked at.
      return mark.active ? mark.quads.map((quad) => path(mark, 'fill faint', quadsPath(viewport, [quad]))) : [];
    case 'area':
    case 'text':
      return mark.rect ? [path(mark, 'fill faint', boxPath(shownBox(viewport, mark.rect)))] : [];
    case 'note':
    case 'ink':
      return [];
  }
}

/** What lies over the page: edges, underlines, ink, a note's sign. */
function linesOf(sheet: Sheet, mark: ViewMark): SVGPathElement[] {
  const { viewport, turned } = sheet;
  const lines: SVGPathElement[] = [];
  const add = (part: string, data: string) => lines.push(path(mark, part, data));
  const box = mark.rect && shownBox(viewport, mark.rect);
  switch (mark.shape) {
    case 'highlight':
      if (mark.guessed) add('guess', quadsPath(viewport, mark.quads));
      if (mark.active) add('underline', underlinePath(viewport, mark.quads, turned));
      break;
    case 'underline':
      add('underline', underlinePath(viewport, mark.quads, turned));
      if (mark.guessed) add('guess', quadsPath(viewport, mark.quads));
      break;
    case 'citation':
      if (mark.active) add('underline', underlinePath(viewport, mark.quads, turned));
      break;
    case 'area':
    case 'text':
      if (box) add(mark.guessed ? 'guess' : 'edge', boxPath(box));
      break;
    case 'note':
      if (box) {
        const sign = path(mark, 'sign', bubble);
        const [x0, y0, x1, y1] = box;
        sign.setAttribute('transform', `translate(${x0} ${y0}) scale(${(x1 - x0) / 24} ${(y1 - y0) / 24})`);
        lines.push(sign);
        if (mark.guessed) add('guess', boxPath(box, 2));
        else if (mark.active) add('edge', boxPath(box, 2));
      }
      break;
    case 'ink':
      if (mark.active || mark.guessed) add('halo', inkPath(viewport, mark.paths ?? []));
      add('ink', inkPath(viewport, mark.paths ?? []));
      break;
    case 'hit':
      add('ring', quadsPath(viewport, mark.quads));
      break;
    case 'passage':
      break;
  }
  return lines;
}

/** Text in a box turns with the page. */
function textOf(sheet: Sheet, mark: ViewMark): HTMLElement {
  const element = document.createElement('div');
  element.className = 'pdfMarkText';
  dress(element, mark);
  if (mark.rect) setBox(element, sheet, mark.rect);
  const inner = document.createElement('div');
  inner.textContent = mark.text ?? '';
  inner.dataset.turned = String(sheet.turned);
  element.append(inner);
  return element;
}

/** The corners that a mark is resized by. A note keeps its size. */
export const corners = ['nw', 'ne', 'sw', 'se'] as const;
export type Corner = (typeof corners)[number];

function handlesOf(sheet: Sheet, rect: Rect, mark: ViewMark): HTMLElement[] {
  if (mark.shape === 'note') return [];
  const { left, top, width, height } = percentBox(sheet.viewport, rect);
  return corners.map((corner) => {
    const element = document.createElement('div');
    element.className = 'pdfHandle';
    dress(element, mark);
    element.dataset.corner = corner;
    element.style.left = `${left + (corner.endsWith('e') ? width : 0)}%`;
    element.style.top = `${top + (corner.startsWith('s') ? height : 0)}%`;
    return element;
  });
}
