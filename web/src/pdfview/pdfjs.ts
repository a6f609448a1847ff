/**
 * pdf.js, loaded when somebody is likely to open a file.
 *
 * The viewer half takes the library from a global variable when its module is
 * evaluated, so the two imports must run in this order; static imports would be
 * hoisted.
 */
import type { PDFWorker } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

export type Pdfjs = typeof import('pdfjs-dist');
export type PdfjsViewer = typeof import('pdfjs-dist/web/pdf_viewer.mjs');

export interface Libraries {
  readonly pdfjs: Pdfjs;
  readonly viewer: PdfjsViewer;
}

declare global {
  var pdfjsLib: Pdfjs | undefined;
}

let libraries: Promise<Libraries> | undefined;
let spare: PDFWorker | undefined;

/** The same promise for all callers; a failed load is tried again by the next. */
export function loadPdfjs(): Promise<Libraries> {
  libraries ??= load().catch((reason: unknown) => {
    libraries = undefined;
    throw reason;
  });
  return libraries;
}

/**
 * A worker for one file, to be destroyed with it. One that nobody has is kept
 * ready, as starting it takes as long as drawing a page.
 */
export function takeWorker({ PDFWorker }: Pdfjs): PDFWorker {
  const worker = spare ?? new PDFWorker();
  spare = undefined;
  return worker;
}

/** Gives back what takeWorker gave: it ends with its file, and the next one is made ready. */
export function endWorker({ PDFWorker }: Pdfjs, worker: PDFWorker): void {
  worker.destroy();
  spare ??= new PDFWorker();
}

async function load(): Promise<Libraries> {
  // The worker is as large as the library and is asked for when that runs.
  const worker = document.createElement('link');
  worker.rel = 'modulepreload';
  worker.as = 'worker';
  worker.href = workerUrl;
  document.head.append(worker);
  const pdfjs = await import('pdfjs-dist');
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
  globalThis.pdfjsLib = pdfjs;
  spare = new pdfjs.PDFWorker();
  const viewer = await import('pdfjs-dist/web/pdf_viewer.mjs');
  return { pdfjs, viewer };
}
