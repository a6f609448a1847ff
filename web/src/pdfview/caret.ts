/**
 * A caret in the text, moved by keys: by words, sentences (Ctrl), lines, to a
 * line's ends, by windows and to the ends of the file. Shift selects on the way.
 */
import type { Caret, TextLayout } from '../anchoring/layout';
import type { Rect } from '../anchoring/words';
import { setBox } from './marks';
import type { Overlay, Sheet } from './overlay';
import type { Pages, Spot } from './pages';
import type { Grip, Selection } from './selection';
import type { PageTexts } from './texts';
import type { PdfLabels } from './types';

export interface CaretOptions {
  readonly pages: Pages;
  readonly texts: PageTexts;
  readonly overlay: Overlay;
  readonly selection: Selection;
  readonly labels: PdfLabels;
  readonly say: (sentence: string) => void;
  readonly show: (page: number, box: Rect) => Promise<void>;
  readonly onChange: (on: boolean) => void;
}

interface At {
  readonly page: number;
  readonly layout: TextLayout;
  readonly caret: Caret;
}

// A part of the window stays in sight when the caret goes a window on.
const windowShare = 0.9;
// Longer texts are not read out whole. Characters.
const longest = 200;

export class TextCaret {
  private at: At | undefined;
  private goal: number | undefined;
  /** One step after the other, though a page's words may have to come first. */
  private queue: Promise<void> = Promise.resolve();
  isOn = false;

  constructor(private readonly options: CaretOptions) {
    options.overlay.add((sheet) => this.draw(sheet));
  }

  turn(on: boolean): void {
    if (on === this.isOn) return;
    this.isOn = on;
    const { labels, say, onChange } = this.options;
    say(on ? labels.caretOn : labels.caretOff);
    onChange(on);
    if (on) this.queue = this.queue.then(async () => void (await this.begin())).catch(() => undefined);
    else this.put(undefined);
  }

  /** Where it stands, in PDF points; undefined while it is off. */
  get spot(): Spot | undefined {
    const box = this.at?.layout.caretBox(this.at.caret);
    return this.at && box ? { page: this.at.page, x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 } : undefined;
  }

  /** A press in the text brings it there. */
  place({ page, touch }: Grip): void {
    const layout = this.options.texts.get(page);
    if (!layout) return;
    this.goal = undefined;
    this.put({ page, layout, caret: layout.caretAt(touch) });
  }

  /** The words of a page are other ones. */
  refresh(page: number): void {
    if (this.at?.page !== page) return;
    const layout = this.options.texts.get(page);
    if (layout && layout !== this.at.layout) this.put({ page, layout, caret: layout.start });
  }

  /** True when the key was one of the caret's. */
  key(event: KeyboardEvent): boolean {
    if (!this.isOn || event.altKey) return false;
    const control = event.ctrlKey || event.metaKey;
    const go = this.motion(event.key, control);
    if (!go) return false;
    const { shiftKey: extend } = event;
    this.queue = this.queue.then(() => this.move(go, extend, /Up|Down/.test(event.key))).catch(() => undefined);
    return true;
  }

  /** Shift is up: what is selected stays. */
  rest(): void {
    const { selection, labels, say } = this.options;
    if (!this.isOn || selection.isEmpty) return;
    selection.settle();
    const { text } = selection;
    say(labels.selected(text.length > longest ? `${text.slice(0, longest)}…` : text));
  }

  private motion(key: string, control: boolean): ((at: At) => Promise<At | undefined>) | undefined {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight': {
        const by = key === 'ArrowRight' ? 1 : -1;
        return (at) => this.over(at, by, (layout, caret) => (control ? layout.stepSentence(caret, by) : layout.step(caret, by)));
      }
      case 'ArrowUp':
      case 'ArrowDown':
        if (control) return undefined;
        return (at) => this.byLine(at, key === 'ArrowDown' ? 1 : -1);
      case 'Home':
      case 'End': {
        const to = key === 'Home' ? 'start' : 'end';
        if (!control) return (at) => Promise.resolve({ ...at, caret: at.layout.lineEnd(at.caret, to) });
        return (at) => this.toEnd(at, to);
      }
      case 'PageUp':
      case 'PageDown':
        if (control) return undefined;
        return (at) => this.byWindow(at, key === 'PageDown' ? 1 : -1);
      default:
        return undefined;
    }
  }

  private async move(go: (at: At) => Promise<At | undefined>, extend: boolean, vertical: boolean) {
    const { selection } = this.options;
    const before = this.at ?? (await this.begin());
    if (!before || !this.isOn) return;
    const next = await go(before);
    if (!vertical) this.goal = undefined;
    if (!next) return;
    const from = selection.isEmpty || !selection.start ? grip(before) : selection.start;
    this.put(next);
    if (extend) selection.set(from, grip(next), false);
    else selection.clear();
    const box = next.layout.caretBox(next.caret);
    if (box) await this.options.show(next.page, box);
    this.tell(before, next, vertical);
  }

  private tell(before: At, next: At, vertical: boolean) {
    const { labels, say } = this.options;
    const { layout, caret } = next;
    const said = vertical ? layout.lineText(caret) : layout.wordText(caret);
    say(next.page === before.page ? said : `${labels.page(next.page)}. ${said}`);
  }

  /** Where the caret comes up: at what is selected, or on the first line in the window. */
  private async begin(): Promise<At | undefined> {
    const { pages, texts, selection, say } = this.options;
    if (this.at) return this.at;
    const { end } = selection;
    const frame = pages.container.getBoundingClientRect();
    for (const view of pages.shown()) {
      const layout = await texts.ask(view.id);
      if (!this.isOn) return undefined;
      if (!layout || layout.empty || (end && end.page !== view.id)) continue;
      const box = view.div.getBoundingClientRect();
      const spot = pages.spotOn(view.id, box.left, Math.max(box.top, frame.top + 8));
      const touch = end?.touch ?? (spot && layout.touch(spot.x, spot.y));
      if (!touch) continue;
      const at = { page: view.id, layout, caret: layout.caretAt(touch) };
      this.put(at);
      say(layout.lineText(at.caret));
      return at;
    }
    return undefined;
  }

  private async over(
    at: At,
    by: 1 | -1,
    step: (layout: TextLayout, caret: Caret) => Caret | undefined,
  ): Promise<At | undefined> {
    const caret = step(at.layout, at.caret);
    if (caret) return { ...at, caret };
    const next = await this.neighbour(at.page, by);
    return next && { ...next, caret: by > 0 ? next.layout.start : next.layout.end };
  }

  private async byLine(at: At, by: 1 | -1): Promise<At | undefined> {
    this.goal ??= at.layout.goal(at.caret);
    const caret = at.layout.stepLine(at.caret, by, this.goal);
    if (caret) return { ...at, caret };
    const next = await this.neighbour(at.page, by);
    const edge = next?.layout.edgeLine(by > 0 ? 'first' : 'last', this.goal);
    return next && edge && { ...next, caret: edge };
  }

  private async byWindow(at: At, by: 1 | -1): Promise<At | undefined> {
    const { pages, texts } = this.options;
    const { container } = pages;
    const box = at.layout.caretBox(at.caret);
    const here = box && pages.clientRect(at.page, box);
    if (!here) return undefined;
    const far = by * container.clientHeight * windowShare;
    const top = container.scrollTop;
    container.scrollBy({ top: far, behavior: 'instant' });
    const spot = pages.spotAt(here.left, here.top + here.height / 2 + far - (container.scrollTop - top));
    const layout = spot && (await texts.ask(spot.page));
    const touch = spot && layout?.touch(spot.x, spot.y);
    if (!spot || !layout || !touch) return this.byLine(at, by);
    return { page: spot.page, layout, caret: layout.caretAt(touch) };
  }

  private async toEnd(at: At, to: 'start' | 'end'): Promise<At | undefined> {
    const next = to === 'start' ? await this.neighbour(0, 1) : await this.neighbour(this.options.pages.count + 1, -1);
    return next ? { ...next, caret: to === 'start' ? next.layout.start : next.layout.end } : at;
  }

  /** The next page with words. */
  private async neighbour(page: number, by: 1 | -1): Promise<Omit<At, 'caret'> | undefined> {
    const { pages, texts } = this.options;
    for (let next = page + by; next >= 1 && next <= pages.count; next += by) {
      const layout = await texts.ask(next);
      if (layout && !layout.empty) return { page: next, layout };
    }
    return undefined;
  }

  private put(at: At | undefined) {
    const touched = new Set([this.at?.page, at?.page]);
    this.at = at;
    for (const page of touched) {
      const sheet = page === undefined ? undefined : this.options.overlay.sheet(page);
      if (sheet) this.draw(sheet);
    }
  }

  private draw(sheet: Sheet) {
    const { at } = this;
    const box = at && at.page === sheet.page && this.isOn ? at.layout.caretBox(at.caret) : undefined;
    if (!box) {
      sheet.drop('caret');
      return;
    }
    const line = document.createElement('div');
    line.className = 'pdfCaret';
    setBox(line, sheet, box);
    sheet.layer('caret').replaceChildren(line);
  }
}

const grip = ({ page, caret }: At): Grip => ({ page, touch: { unit: caret.index, share: 0, block: 0 } });
