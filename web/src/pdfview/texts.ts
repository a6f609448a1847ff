/** The pages' words, asked of the caller as pages come near the window. */
import { TextLayout } from '../anchoring/layout';
import type { PageText } from './types';

export type Words = (page: number) => Promise<PageText | null>;

export class PageTexts {
  private source: Words | undefined;
  private readonly known = new Map<number, TextLayout | null>();
  private readonly asked = new Map<number, Promise<TextLayout | null>>();

  /** `onCame` is told of each page whose words have come, or are another. */
  constructor(private readonly onCame: (page: number, layout: TextLayout | null) => void) {}

  set(source: Words | undefined): void {
    if (source === this.source) return;
    this.source = source;
    this.asked.clear();
    const pages = [...this.known.keys()];
    this.known.clear();
    // What is drawn now is wanted at once.
    for (const page of pages) void this.ask(page);
  }

  /** Null where there are none, undefined while they are not known; then they are asked for. */
  get(page: number): TextLayout | null | undefined {
    const found = this.known.get(page);
    if (found === undefined) void this.ask(page);
    return found;
  }

  ask(page: number): Promise<TextLayout | null> {
    const found = this.known.get(page);
    if (found !== undefined) return Promise.resolve(found);
    const open = this.asked.get(page);
    if (open) return open;
    const { source } = this;
    if (!source) {
      this.take(page, null);
      return Promise.resolve(null);
    }
    const asked: Promise<TextLayout | null> = source(page)
      .then((text) => {
        const layout = text ? new TextLayout(text) : null;
        if (this.source === source) this.take(page, layout?.empty ? null : layout);
        return layout;
      })
      // Asked again when the page is needed again.
      .catch(() => null)
      .finally(() => {
        if (this.asked.get(page) === asked) this.asked.delete(page);
      });
    this.asked.set(page, asked);
    return asked;
  }

  private take(page: number, layout: TextLayout | null) {
    this.known.set(page, layout);
    this.onCame(page, layout);
  }
}
