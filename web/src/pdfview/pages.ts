/**
 * Where things are: between the window's pixels, the pages as they are shown, and
 * PDF points of a page's default user space.
 */
import type { PageViewport } from 'pdfjs-dist';
import type { PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import { quadBounds, type Quad } from '../anchoring/quads';
import type { Rect } from '../anchoring/words';
import { pageView, type PageView } from './pageView';

/** A box in per cent of the page's width and height, from its top left corner as shown. */
export interface PercentBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is needed of a page as shown: its size, and where its points are. */
export type Shown = Pick<PageViewport, 'width' | 'height' | 'convertToViewportPoint'>;

/** Where a box of PDF points stands on a page as it is shown, turned or cropped as it may be. */
export function percentBox(viewport: Shown, rect: Rect): PercentBox {
  const [x0, y0, x1, y1] = shownBox(viewport, rect);
  return {
    left: (x0 / viewport.width) * 100,
    top: (y0 / viewport.height) * 100,
    width: ((x1 - x0) / viewport.width) * 100,
    height: ((y1 - y0) / viewport.height) * 100,
  };
}

/** A box of PDF points in pixels of the page as shown, from its top left corner. */
export function shownBox(viewport: Shown, [x0, y0, x1, y1]: Rect): Rect {
  const [ax, ay] = viewport.convertToViewportPoint(x0, y0) as [number, number];
  const [bx, by] = viewport.convertToViewportPoint(x1, y1) as [number, number];
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

/** A point of a page, in PDF points. */
export interface Spot {
  /** From 1. */
  readonly page: number;
  readonly x: number;
  readonly y: number;
}

export class Pages {
  constructor(
    readonly viewer: PDFViewer,
    readonly container: HTMLElement,
  ) {}

  get count(): number {
    return this.viewer.pagesCount;
  }

  view(page: number): PageView | undefined {
    return page >= 1 && page <= this.count ? pageView(this.viewer, page) : undefined;
  }

  /** The page that an element of the viewer belongs to. */
  pageOf(target: EventTarget | null): number | undefined {
    const div = target instanceof Element ? target.closest<HTMLElement>('.page') : null;
    const page = Number(div?.dataset.pageNumber);
    return page >= 1 ? page : undefined;
  }

  /**
   * The point under the window's point, of the page there or of the one nearest
   * to it; it may lie beyond the page's edge. Undefined when no page is shown.
   */
  spotAt(clientX: number, clientY: number): Spot | undefined {
    let nearest: { view: PageView; box: DOMRect } | undefined;
    let least = Infinity;
    for (const view of this.shown()) {
      const box = view.div.getBoundingClientRect();
      const away =
        Math.max(box.top - clientY, clientY - box.bottom, 0) + Math.max(box.left - clientX, clientX - box.right, 0);
      if (away < least) {
        least = away;
        nearest = { view, box };
      }
    }
    if (!nearest) return undefined;
    return spotIn(nearest.view, nearest.box, clientX, clientY);
  }

  /** As spotAt, but on this page wherever the point is. */
  spotOn(page: number, clientX: number, clientY: number): Spot | undefined {
    const view = this.view(page);
    return view && spotIn(view, view.div.getBoundingClientRect(), clientX, clientY);
  }

  /** The pages that are in the window or near it, in order. */
  shown(): PageView[] {
    const frame = this.container.getBoundingClientRect();
    const views: PageView[] = [];
    for (let page = this.firstFrom(this.container.scrollTop); page <= this.count; page++) {
      const view = pageView(this.viewer, page);
      if (view.div.offsetParent === null) continue;
      if (view.div.getBoundingClientRect().top > frame.bottom) {
        // With two pages side by side the second may begin above the first's end.
        if (views.length > 0) break;
      }
      views.push(view);
    }
    return views;
  }

  /** Where a box of a page is now, in the window's CSS pixels. */
  clientRect(page: number, rect: Rect): DOMRect | undefined {
    const view = this.view(page);
    if (!view) return undefined;
    const box = view.div.getBoundingClientRect();
    const { left, top, width, height } = percentBox(view.viewport, rect);
    return new DOMRect(
      box.left + (left / 100) * box.width,
      box.top + (top / 100) * box.height,
      (width / 100) * box.width,
      (height / 100) * box.height,
    );
  }

  /** The box around quads, in the window's CSS pixels; undefined for none, or when it is out of the window. */
  rectOfQuads(parts: readonly { readonly page: number; readonly quads: readonly Quad[] }[]): DOMRect | undefined {
    const frame = this.container.getBoundingClientRect();
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { page, quads } of parts) {
      for (const quad of quads) {
        const box = this.clientRect(page, quadBounds(quad));
        if (!box || box.bottom < frame.top || box.top > frame.bottom) continue;
        x0 = Math.min(x0, box.left);
        y0 = Math.min(y0, box.top);
        x1 = Math.max(x1, box.right);
        y1 = Math.max(y1, box.bottom);
      }
    }
    return x1 < x0 ? undefined : new DOMRect(x0, y0, x1 - x0, y1 - y0);
  }

  /** How far a point is from the top of all that scrolls, in CSS pixels. */
  offsetOf(page: number, x: number, y: number): number | undefined {
    const view = this.view(page);
    // Where pages come one at a time the others have no place.
    if (!view || view.div.offsetParent === null) return undefined;
    const [, down] = view.viewport.convertToViewportPoint(x, y) as [number, number];
    return view.div.offsetTop + (down / view.viewport.height) * view.div.offsetHeight;
  }

  /** The first page whose end is below `top`, by halving; page 1 where pages come one at a time. */
  private firstFrom(top: number): number {
    const { viewer } = this;
    let low = 1;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { div } = pageView(viewer, middle);
      if (div.offsetParent === null) return 1;
      if (div.offsetTop + div.offsetHeight <= top) low = middle + 1;
      else high = middle;
    }
    // Its neighbour of a spread may be taller.
    return Math.max(1, low - 1);
  }
}

function spotIn(view: PageView, box: DOMRect, clientX: number, clientY: number): Spot {
  const { viewport } = view;
  const [x, y] = viewport.convertToPdfPoint(
    ((clientX - box.left) / box.width) * viewport.width,
    ((clientY - box.top) / box.height) * viewport.height,
  ) as [number, number];
  return { page: view.id, x, y };
}
