/**
 * Finding text in the open file: pdf.js's find controller, made to jump to any
 * match, to leave the page where it is when the match is in sight, and to give
 * each match with the words around it.
 */
import type { EventBus, PDFFindController, PDFLinkService, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { visiblePages } from './pageView';
import type { PdfjsViewer } from './pdfjs';
import type { Excerpt, FindOptions, FindState } from './types';

const nothing: FindState = { query: '', status: 'idle', total: 0, current: 0, pages: [] };

// Counts come with every page searched; a list need not be drawn oftener than this.
const tellEvery = 120;
// Characters of context in an excerpt.
const before = 48;
const after = 72;
// Keeps a match off the edge of the window, in CSS pixels.
const margin = 48;

export interface Finder {
  readonly controller: PDFFindController;
  find(query: string, options: FindOptions): void;
  step(direction: 'next' | 'previous'): void;
  goTo(page: number, index: number): void;
  close(): void;
  excerpt(page: number, index: number): Excerpt | undefined;
}

/** A place in a page's text as the find controller has it. */
interface Match {
  readonly index: number;
  readonly length: number;
}

export function makeFinder(
  { FindState: Status, PDFFindController: Base }: PdfjsViewer,
  eventBus: EventBus,
  linkService: PDFLinkService,
  container: HTMLElement,
  signal: AbortSignal,
  onState: (state: FindState) => void,
): Finder {
  // What was found on each page, and in which text: excerpts are cut from it.
  const found = new Map<number, { text: string; matches: readonly Match[] }>();

  class Controller extends Base {
    override match(query: string | string[], text: string, pageIndex: number): Match[] | undefined {
      const matches = super.match(query, text, pageIndex);
      found.set(pageIndex + 1, { text, matches: matches ?? [] });
      return matches;
    }

    override scrollMatchIntoView(match: {
      element?: HTMLElement | null;
      pageIndex?: number;
      matchIndex?: number;
    }) {
      const wanted =
        this._scrollMatches &&
        match.pageIndex === this._selected?.pageIdx &&
        match.matchIndex === this._selected?.matchIdx;
      if (!wanted || !match.element) return;
      this._scrollMatches = false;
      const box = match.element.getBoundingClientRect();
      const frame = container.getBoundingClientRect();
      const seen =
        box.top >= frame.top + margin &&
        box.bottom <= frame.bottom - margin &&
        box.left >= frame.left &&
        box.right <= frame.right;
      if (seen) return;
      container.scrollBy({
        top: box.top - frame.top - frame.height / 3,
        left: Math.min(0, box.left - frame.left - margin) || Math.max(0, box.right - frame.right + margin),
      });
    }

    /** Selects a match that has been found; the next step goes on from it. */
    select(pageIdx: number, matchIdx: number) {
      const before = this._selected?.pageIdx ?? -1;
      this._selected = { pageIdx, matchIdx };
      // Typed as null alone in pdf.js, but numbers from the first match on.
      Object.assign(this._offset ?? {}, { pageIdx, matchIdx, wrapped: false });
      this._highlightMatches = true;
      this._scrollMatches = true;
      if (before >= 0 && before !== pageIdx) this.redraw(before);
      linkService.page = pageIdx + 1;
      this.redraw(pageIdx);
    }

    private redraw(pageIndex: number) {
      eventBus.dispatch('updatetextlayermatches', { source: this, pageIndex });
    }
  }

  const controller = new Controller({ eventBus, linkService });
  let asked: { query: string } & FindOptions = { query: '' };
  let status: FindState['status'] = 'idle';
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });

  const state = (): FindState => {
    if (asked.query === '') return nothing;
    const counts = (controller.pageMatches ?? []) as (readonly number[] | undefined)[];
    const pages: { page: number; count: number }[] = [];
    let total = 0;
    let current = 0;
    const selected = controller.selected ?? { pageIdx: -1, matchIdx: -1 };
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index]?.length ?? 0;
      if (count === 0) continue;
      if (index === selected.pageIdx && selected.matchIdx >= 0) current = total + selected.matchIdx + 1;
      pages.push({ page: index + 1, count });
      total += count;
    }
    return { query: asked.query, status, total, current, pages };
  };
  const tellNow = () => {
    clearTimeout(timer);
    timer = undefined;
    onState(state());
  };
  const tell = () => {
    timer ??= setTimeout(tellNow, tellEvery);
  };

  eventBus.on(
    'updatefindcontrolstate',
    ({ state: told }: { state: number }) => {
      if (asked.query === '') return;
      if (told === Status.PENDING) status = 'searching';
      else status = told === Status.NOT_FOUND ? 'not-found' : 'found';
      tell();
    },
    { signal },
  );
  eventBus.on('updatefindmatchescount', tell, { signal });

  const dispatch = (type: '' | 'again', findPrevious: boolean) =>
    eventBus.dispatch('find', {
      source: controller,
      type,
      query: asked.query,
      caseSensitive: asked.caseSensitive ?? false,
      entireWord: asked.wholeWords ?? false,
      highlightAll: true,
      findPrevious,
      matchDiacritics: false,
    });

  const close = () => {
    asked = { query: '' };
    eventBus.dispatch('findbarclose', { source: controller });
    tellNow();
  };

  return {
    controller,
    find(query, options) {
      if (query.trim() === '') {
        close();
        return;
      }
      asked = { query, ...options };
      found.clear();
      status = 'searching';
      dispatch('', false);
    },
    step(direction) {
      if (asked.query !== '') dispatch('again', direction === 'previous');
    },
    goTo(page, index) {
      controller.select(page - 1, index);
      tellNow();
    },
    close,
    excerpt(page, index) {
      const there = found.get(page);
      const match = there?.matches[index];
      return there && match && cut(there.text, match);
    },
  };
}

/** Link service that leaves the page where it is when it is in sight already. */
export function makeLinkService(
  { PDFLinkService: Base, LinkTarget }: PdfjsViewer,
  eventBus: EventBus,
): PDFLinkService {
  class LinkService extends Base {
    override get page(): number {
      return super.page;
    }

    override set page(value: number) {
      const viewer = this.pdfViewer as PDFViewer | null;
      const inSight = viewer !== null && visiblePages(viewer).some(({ id }) => id === value);
      if (!inSight) super.page = value;
    }

    // A link opened in another tab leads to this page of the app, not to a
    // fragment that means nothing to it.
    override getAnchorUrl(): string {
      return '';
    }
  }
  return new LinkService({
    eventBus,
    externalLinkTarget: LinkTarget.BLANK,
    externalLinkRel: 'noopener noreferrer nofollow',
    // A link must not undo the reader's own zoom.
    ignoreDestinationZoom: true,
  });
}

/** The words around a match in a page's text, cut between words. */
function cut(text: string, { index, length }: Match): Excerpt {
  const from = Math.max(0, index - before);
  const to = Math.min(text.length, index + length + after);
  const head = text.slice(from, index);
  const tail = text.slice(index + length, to);
  return {
    before: clean(from > 0 ? head.replace(/^\S*\s/, '') : head.trimStart()),
    match: clean(text.slice(index, index + length)),
    after: clean(to < text.length ? tail.replace(/\s\S*$/, '') : tail.trimEnd()),
  };
}

// The find controller takes letters apart from their accents.
const clean = (text: string) => text.replace(/\s+/g, ' ').normalize('NFC');
