/** Tells where the window is, once a frame. */
import type { EventBus } from 'pdfjs-dist/web/pdf_viewer.mjs';
import type { Pages } from './pages';
import type { Place, View, VisiblePart } from './types';

export class ViewWatch {
  private frame = 0;
  private layout = 0;
  private height = 0;

  constructor(
    private readonly pages: Pages,
    eventBus: EventBus,
    signal: AbortSignal,
    private readonly place: () => Place | undefined,
    private readonly tell: (view: View) => void,
    onScroll: (scrollTop: number) => void,
  ) {
    const { container } = pages;
    const later = () => this.later();
    const moved = () => {
      this.layout++;
      this.later();
    };
    container.addEventListener(
      'scroll',
      () => {
        onScroll(container.scrollTop);
        this.later();
      },
      { signal, passive: true },
    );
    for (const name of ['scalechanging', 'rotationchanging', 'spreadmodechanged', 'scrollmodechanged']) {
      eventBus.on(name, moved, { signal });
    }
    for (const name of ['pagesinit', 'pagesloaded', 'pagerendered', 'updateviewarea']) {
      eventBus.on(name, later, { signal });
    }
    const observer = new ResizeObserver(moved);
    observer.observe(container);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      cancelAnimationFrame(this.frame);
    });
  }

  private later() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const { container } = this.pages;
      // A page whose own size has come to be known moves those after it.
      if (container.scrollHeight !== this.height) this.layout++;
      this.height = container.scrollHeight;
      this.tell({ top: this.place(), visible: this.visible(), layout: this.layout });
    });
  }

  private visible(): VisiblePart[] {
    const { container } = this.pages;
    const { scrollTop, clientHeight } = container;
    const parts: VisiblePart[] = [];
    for (const { id, div } of this.pages.shown()) {
      const from = (scrollTop - div.offsetTop) / div.offsetHeight;
      const to = (scrollTop + clientHeight - div.offsetTop) / div.offsetHeight;
      if (to > 0 && from < 1) parts.push({ page: id, from: Math.max(0, from), to: Math.min(1, to) });
    }
    return parts;
  }
}
