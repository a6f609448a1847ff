/**
 * pdf.js, loaded when the first file is opened.
 *
 * The viewer half takes the library from a global variable when its module is
 * evaluated, so the two imports must run in this order; static imports would be
 * hoisted.
 */
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

/** The same promise for all callers; a failed load is tried again by the next. */
export function loadPdfjs(): Promise<Libraries> {
  libraries ??= load().catch((reason: unknown) => {
    libraries = undefined;
    throw reason;
  });
  return libraries;
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
  const viewer = await import('pdfjs-dist/web/pdf_viewer.mjs');
  return { pdfjs, viewer };
}
