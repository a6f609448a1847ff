/**
 * Draws marks on the pages. A mark's boxes stand in per cent of the page's
 * box, so zooming moves nothing; only turning the pages draws them again.
 */
import type { EventBus, PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import type { PageViewport } from 'pdfjs-dist';
import type { Rect } from '../anchoring/words';
import { pageView } from './pageView';
import type { Mark } from './types';

/** A box in per cent of the page's width and height, from its top left corner as shown. */
export interface PercentBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a box of PDF points stands on a page as it is shown, turned or cropped as it may be. */
export function percentBox(
  viewport: Pick<PageViewport, 'width' | 'height' | 'convertToViewportPoint'>,
  [x0, y0, x1, y1]: Rect,
): PercentBox {
  const [ax, ay] = viewport.convertToViewportPoint(x0, y0) as [number, number];
  const [bx, by] = viewport.convertToViewportPoint(x1, y1) as [number, number];
  return {
    left: (Math.min(ax, bx) / viewport.width) * 100,
    top: (Math.min(ay, by) / viewport.height) * 100,
    width: (Math.abs(ax - bx) / viewport.width) * 100,
    height: (Math.abs(ay - by) / viewport.height) * 100,
  };
}

export class MarkLayer {
  private byPage = new Map<number, Mark[]>();

  constructor(
    private readonly viewer: PDFViewer,
    eventBus: EventBus,
    signal: AbortSignal,
  ) {
    // pdf.js makes a page's inner boxes when it draws the page and throws them
    // away when the page is far from the window.
    eventBus.on('pagerender', ({ pageNumber }: { pageNumber: number }) => this.draw(pageNumber), {
      signal,
    });
    eventBus.on('rotationchanging', () => this.drawAll(this.byPage.keys()), { signal });
  }

  set(marks: readonly Mark[]): void {
    const before = this.byPage;
    this.byPage = Map.groupBy(marks, (mark) => mark.page);
    this.drawAll(new Set([...before.keys(), ...this.byPage.keys()]));
  }

  private drawAll(pages: Iterable<number>) {
    for (const page of pages) this.draw(page);
  }

  private draw(page: number) {
    if (page < 1 || page > this.viewer.pagesCount) return;
    const view = pageView(this.viewer, page);
    // Inside the canvas' box, which survives a change of zoom, and below the text
    // layer, so that marked text is selected and links are followed as ever.
    const parent = view.div.querySelector(':scope > .canvasWrapper');
    if (!view.pdfPage || !parent) return;
    parent.querySelector(':scope > .pdfMarks')?.remove();
    const marks = this.byPage.get(page);
    if (!marks) return;
    const layer = document.createElement('div');
    layer.className = 'pdfMarks';
    layer.setAttribute('aria-hidden', 'true');
    const viewport = view.viewport.clone({ scale: 1 });
    for (const mark of marks) {
      for (const box of mark.boxes) {
        const { left, top, width, height } = percentBox(viewport, box);
        const element = document.createElement('div');
        element.className = 'pdfMark';
        element.dataset.mark = mark.id;
        element.dataset.tone = mark.tone;
        element.style.left = `${left}%`;
        element.style.top = `${top}%`;
        element.style.width = `${width}%`;
        element.style.height = `${height}%`;
        layer.append(element);
      }
    }
    parent.append(layer);
  }
}
