/**
 * What is drawn over the pages. It stands in the box of a page's canvas, which
 * survives a change of zoom, and below the text layer, so that text is selected
 * and links are followed as ever. All of it is measured in shares of the page, so
 * zooming moves nothing; only turning the pages draws it again.
 */
import type { PageViewport } from 'pdfjs-dist';
import type { EventBus } from 'pdfjs-dist/web/pdf_viewer.mjs';
import type { Pages } from './pages';

// pdf.js's RenderingStates.FINISHED.
const finished = 3;

/** From the lowest up. */
const order = ['marks', 'selection', 'over', 'pointers', 'buttons', 'caret', 'draft'] as const;
export type LayerName = (typeof order)[number];

const classOf: Record<LayerName, string> = {
  marks: 'pdfMarks',
  selection: 'pdfSelection',
  over: 'pdfMarksOver',
  pointers: 'pdfPointers',
  buttons: 'pdfMarkButtons',
  caret: 'pdfCaretLayer',
  draft: 'pdfDraft',
};

export const svgNamespace = 'http://www.w3.org/2000/svg';

/** A page that is drawn now. */
export interface Sheet {
  readonly page: number;
  /** As shown, one CSS pixel a point. */
  readonly viewport: PageViewport;
  /** How far it is turned beyond the page's own rotation, in degrees clockwise. */
  readonly turned: number;
  /** The box of the page's picture. */
  readonly wrapper: HTMLElement;
  /** Whether the picture is drawn to its end. */
  readonly finished: boolean;
  /** The layer of that name; made when it is not there. */
  layer(name: LayerName): HTMLElement;
  drop(name: LayerName): void;
}

/** Draws one kind of thing on a page; called again whenever the page is another one. */
export type Paint = (sheet: Sheet) => void;

export class Overlay {
  private readonly paints: Paint[] = [];

  constructor(
    private readonly pages: Pages,
    eventBus: EventBus,
    signal: AbortSignal,
  ) {
    // pdf.js makes a page's inner boxes when it draws the page and throws them
    // away when the page is far from the window.
    eventBus.on(
      'pagerender',
      ({ pageNumber }: { pageNumber: number }) => {
        const sheet = this.sheet(pageNumber);
        if (sheet && !sheet.drawn) this.all(sheet);
      },
      { signal },
    );
    eventBus.on('rotationchanging', () => this.each((sheet) => this.all(sheet)), { signal });
  }

  add(paint: Paint): void {
    this.paints.push(paint);
  }

  /** Calls `paint` for each page that is drawn now. */
  each(paint: (sheet: Sheet & { drawn: boolean }) => void): void {
    for (const wrapper of this.pages.container.querySelectorAll('.page > .canvasWrapper')) {
      const page = this.pages.pageOf(wrapper);
      const sheet = page === undefined ? undefined : this.sheet(page);
      if (sheet) paint(sheet);
    }
  }

  /** The page, when it is drawn now. */
  sheet(page: number): (Sheet & { drawn: boolean }) | undefined {
    const view = this.pages.view(page);
    const wrapper = view?.div.querySelector<HTMLElement>(':scope > .canvasWrapper');
    if (!view?.pdfPage || !wrapper) return undefined;
    return {
      page,
      viewport: view.viewport.clone({ scale: 1 }),
      turned: (view.viewport.rotation - view.pdfPage.rotate + 360) % 360,
      drawn: wrapper.dataset.overlay !== undefined,
      wrapper,
      finished: view.renderingState === finished,
      layer: (name) => {
        wrapper.dataset.overlay = '';
        return layerOf(wrapper, name);
      },
      drop: (name) => wrapper.querySelector(`:scope > .${classOf[name]}`)?.remove(),
    };
  }

  private all(sheet: Sheet) {
    for (const paint of this.paints) paint(sheet);
  }
}

function layerOf(wrapper: HTMLElement, name: LayerName): HTMLElement {
  const found = wrapper.querySelector<HTMLElement>(`:scope > .${classOf[name]}`);
  if (found) return found;
  const layer = document.createElement('div');
  layer.className = classOf[name];
  if (name !== 'buttons') layer.setAttribute('aria-hidden', 'true');
  const later = order.slice(order.indexOf(name) + 1).map((other) => `:scope > .${classOf[other]}`);
  const before = later.length > 0 ? wrapper.querySelector(later.join()) : null;
  wrapper.insertBefore(layer, before);
  return layer;
}

/** An SVG that fills its layer, measured in points of the page as shown. */
export function drawing({ viewport }: Pick<Sheet, 'viewport'>): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', `0 0 ${viewport.width} ${viewport.height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  return svg;
}
