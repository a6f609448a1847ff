/**
 * What is selected, as units of our own words over any number of pages. Knows no
 * pointer and no key: selecting.ts and caret.ts move its two ends.
 */
import { joinTexts, type Touch, type UnitRange } from '../anchoring/layout';
import { drawing, svgNamespace, type Overlay, type Sheet } from './overlay';
import type { Pages } from './pages';
import { quadsPath } from './shapes';
import type { PageTexts } from './texts';
import type { SelectionPart, TextSelection } from './types';

/** One end of a selection. */
export interface Grip {
  /** From 1. */
  readonly page: number;
  readonly touch: Touch;
  /** What a double or triple click took: it stays selected whole. */
  readonly range?: UnitRange | undefined;
}

export class Selection {
  private anchor: Grip | undefined;
  private focus: Grip | undefined;
  private parts: readonly (SelectionPart & { readonly text: string })[] = [];
  /** Text that the browser itself has selected where our words are missing. */
  private plain: { text: string; at: DOMRect } | undefined;
  private settled = true;
  private told = false;

  constructor(
    private readonly pages: Pages,
    private readonly texts: PageTexts,
    private readonly overlay: Overlay,
    private readonly tell: (selection: TextSelection | null) => void,
  ) {
    overlay.add((sheet) => this.draw(sheet));
  }

  get isEmpty(): boolean {
    return this.parts.length === 0 && !this.plain;
  }

  get text(): string {
    return this.plain?.text ?? joinTexts(this.parts.map(({ text }) => text));
  }

  /** Where the selection begins that Shift extends; undefined before the first click. */
  get start(): Grip | undefined {
    return this.anchor;
  }

  get end(): Grip | undefined {
    return this.focus;
  }

  /** Around what is in the window. */
  rect(): DOMRect | undefined {
    return this.plain?.at ?? this.pages.rectOfQuads(this.parts);
  }

  /** Puts both ends down; undefined for `focus` is a place with nothing selected. */
  set(anchor: Grip, focus: Grip | undefined, done: boolean): void {
    this.plain = undefined;
    this.anchor = anchor;
    this.focus = focus;
    this.settled = done;
    this.work();
  }

  /** Shows what the browser has selected where there are no words. */
  setPlain(text: string, at: DOMRect, done: boolean): void {
    this.replace([]);
    this.anchor = undefined;
    this.focus = undefined;
    this.plain = { text, at };
    this.settled = done;
    this.told = true;
    this.tell({ parts: [], text, at, done });
  }

  /** The pointer is up, or the keys are at rest. */
  settle(): void {
    if (this.settled) return;
    this.settled = true;
    this.say();
  }

  clear(): void {
    this.plain = undefined;
    this.focus = undefined;
    this.settled = true;
    this.replace([]);
    this.say();
  }

  /** The words of a page have come. */
  refresh(page: number): void {
    const { anchor, focus } = this;
    if (!anchor || !focus) return;
    const [low, high] = [Math.min(anchor.page, focus.page), Math.max(anchor.page, focus.page)];
    if (page >= low && page <= high) this.work();
  }

  private work() {
    const { anchor, focus } = this;
    const parts: (SelectionPart & { text: string })[] = [];
    if (anchor && focus) {
      const [low, high] = [Math.min(anchor.page, focus.page), Math.max(anchor.page, focus.page)];
      for (let page = low; page <= high; page++) {
        const layout = this.texts.get(page);
        const range = layout && rangeOn(page, anchor, focus, layout);
        const part = range && layout.part(range);
        if (part) parts.push({ page, ...part });
      }
    }
    if (same(parts, this.parts) && this.told === parts.length > 0 && !this.settled) return;
    this.replace(parts);
    this.say();
  }

  private say() {
    if (this.isEmpty) {
      if (this.told) this.tell(null);
      this.told = false;
      return;
    }
    this.told = true;
    this.tell({
      parts: this.parts.map(({ page, start, end, quads }) => ({ page, start, end, quads })),
      text: this.text,
      at: this.rect() ?? new DOMRect(),
      done: this.settled,
    });
  }

  private replace(parts: readonly (SelectionPart & { readonly text: string })[]) {
    const before = this.parts;
    this.parts = parts;
    for (const page of new Set([...before, ...parts].map((part) => part.page))) {
      const [old, now] = [before, parts].map((list) => list.find((part) => part.page === page));
      if (old?.start === now?.start && old?.end === now?.end) continue;
      const sheet = this.overlay.sheet(page);
      if (sheet) this.draw(sheet);
    }
  }

  private draw(sheet: Sheet) {
    const part = this.parts.find(({ page }) => page === sheet.page);
    if (!part) {
      sheet.drop('selection');
      return;
    }
    const svg = drawing(sheet);
    const path = document.createElementNS(svgNamespace, 'path');
    path.setAttribute('d', quadsPath(sheet.viewport, part.quads));
    svg.append(path);
    sheet.layer('selection').replaceChildren(svg);
  }
}

function rangeOn(
  page: number,
  a: Grip,
  b: Grip,
  layout: NonNullable<ReturnType<PageTexts['get']>>,
): UnitRange {
  const [first, last] = a.page <= b.page ? [a, b] : [b, a];
  if (first.page === last.page) {
    const range = layout.between(first.touch, last.touch);
    const ranges = [a.range, b.range].filter((one) => one !== undefined);
    if (ranges.length === 0) return range;
    // Of an empty range the place does not matter.
    const all = range.to > range.from && ranges.length < 2 ? [range, ...ranges] : ranges;
    return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
  }
  if (page === first.page) {
    return { from: first.range?.from ?? layout.after(first.touch).from, to: layout.units.length };
  }
  if (page === last.page) return { from: 0, to: last.range?.to ?? layout.before(last.touch).to };
  return layout.all;
}

function same(a: readonly SelectionPart[], b: readonly SelectionPart[]): boolean {
  return (
    a.length === b.length &&
    a.every((part, i) => part.page === b[i]!.page && part.start === b[i]!.start && part.end === b[i]!.end)
  );
}
