/** Zoom by steps, by wheel and by two fingers. */
import type { TouchManager } from 'pdfjs-dist';
import type { PDFViewer } from 'pdfjs-dist/web/pdf_viewer.mjs';
import type { Pdfjs } from './pdfjs';

export const smallestScale = 0.25;
export const largestScale = 8;

const steps = [0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 8];

/** The next larger or smaller of the usual scales. */
export function nextStep(scale: number, direction: 1 | -1): number {
  // Two scales that show the same percentage are one.
  const apart = 0.005;
  return direction > 0
    ? (steps.find((step) => step > scale + apart) ?? largestScale)
    : (steps.findLast((step) => step < scale - apart) ?? smallestScale);
}

export const clampScale = (scale: number) => Math.min(largestScale, Math.max(smallestScale, scale));

// The pages are drawn anew this long after the last turn of the wheel, in ms.
const drawAfter = 300;

interface PinchOptions {
  container: HTMLElement;
  viewer: PDFViewer;
  pdfjs: Pdfjs;
  signal: AbortSignal;
  onZoom: () => void;
}

/** Ctrl+wheel (which is also what a trackpad's pinch sends) and two fingers zoom about their point. */
export function zoomByPointer({ container, viewer, pdfjs, signal, onZoom }: PinchOptions): void {
  // pdf.js rounds scales to whole per cents: small movements add up here.
  let pending = 1;
  const by = (factor: number, clientX: number, clientY: number) => {
    pending *= factor;
    const target = Math.round(clampScale(viewer.currentScale * pending) * 100) / 100;
    if (target === viewer.currentScale) return;
    const frame = container.getBoundingClientRect();
    onZoom();
    viewer.updateScale({
      drawingDelay: drawAfter,
      scaleFactor: target / viewer.currentScale,
      // Counted from the corner of the box that the container stands in.
      origin: [clientX - frame.left + container.offsetLeft, clientY - frame.top + container.offsetTop],
    });
    pending = 1;
  };

  container.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 30;
      by(Math.exp(-Math.max(-120, Math.min(120, pixels)) / 400), event.clientX, event.clientY);
    },
    { passive: false, signal },
  );

  const touch: ConstructorParameters<typeof TouchManager>[0] = {
    container,
    onPinching: ([x, y]: [number, number], before: number, now: number) => {
      if (before > 0) by(now / before, x, y);
    },
    signal,
  };
  new pdfjs.TouchManager(touch);
}
