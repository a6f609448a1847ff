/**
 * Prints pages as pictures, as pdf.js's own viewer does: the file itself in a frame
 * would need a content security policy that lets pages be framed.
 */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { drawMarks, type Tones } from './paper';
import type { PrintOptions, ViewMark } from './types';

// Dots an inch: text is sharp on paper, and a page takes about a megabyte.
const dots = 150;
const points = 72;

/** Draws and prints; see PdfHandle.print. */
export async function printPages(
  file: PDFDocumentProxy,
  { pages, marks, signal, onProgress }: PrintOptions,
  marksOn: (page: number) => readonly ViewMark[],
): Promise<void> {
  const wanted = pages ?? Array.from({ length: file.numPages }, (_, i) => i + 1);
  const numbers = wanted.filter((page) => page >= 1 && page <= file.numPages);
  if (numbers.length === 0) return;
  const paper = new Paper();
  try {
    onProgress?.(0, numbers.length);
    for (const [i, number] of numbers.entries()) {
      signal?.throwIfAborted();
      const page = await file.getPage(number);
      await paper.add(await picture(page, marks ? marksOn(number) : [], paper.tones, signal), page);
      onProgress?.(i + 1, numbers.length);
    }
    signal?.throwIfAborted();
    await paper.print();
  } finally {
    paper.remove();
  }
}

async function picture(
  page: PDFPageProxy,
  marks: readonly ViewMark[],
  tones: Tones,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const viewport = page.getViewport({ scale: dots / points });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const task = page.render({ canvas, viewport, intent: 'print' });
  const cancel = () => task.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await task.promise;
  } catch (reason) {
    signal?.throwIfAborted();
    throw reason;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  const context = canvas.getContext('2d');
  if (context && marks.length > 0) {
    context.scale(dots / points, dots / points);
    drawMarks(context, page.getViewport({ scale: 1 }), marks, tones);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  // Frees the pixels at once.
  canvas.width = 0;
  if (!blob) throw new Error('the page is too large to print');
  return blob;
}

/** The only thing of this document that goes to the printer. */
class Paper {
  private readonly container = document.createElement('div');
  private readonly urls: string[] = [];
  private readonly sheet = new CSSStyleSheet();
  private readonly sizes = new Map<string, string>();
  readonly tones: Tones;

  constructor() {
    this.container.className = 'pdfPrint';
    // Paper is white whatever the screen is.
    this.container.dataset.tones = 'light';
    document.body.append(this.container);
    document.adoptedStyleSheets.push(this.sheet);
    const style = getComputedStyle(this.container);
    this.tones = (tone, part) => style.getPropertyValue(`--${tone}-${part}`).trim() || '#888888';
  }

  async add(picture: Blob, page: PDFPageProxy): Promise<void> {
    const url = URL.createObjectURL(picture);
    this.urls.push(url);
    const image = document.createElement('img');
    image.src = url;
    image.alt = '';
    // The printer takes what is decoded when the dialog opens.
    await image.decode();
    const { width, height } = page.getViewport({ scale: 1 });
    const box = document.createElement('div');
    box.style.setProperty('page', this.size(width, height));
    box.append(image);
    this.container.append(box);
  }

  print(): Promise<void> {
    return new Promise((done) => {
      const root = document.documentElement;
      root.dataset.printing = '';
      window.addEventListener(
        'afterprint',
        () => {
          delete root.dataset.printing;
          done();
        },
        { once: true },
      );
      window.print();
    });
  }

  remove(): void {
    delete document.documentElement.dataset.printing;
    this.container.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
    for (const url of this.urls) URL.revokeObjectURL(url);
  }

  /** The name of a paper size in points; pages of a file may differ. */
  private size(width: number, height: number): string {
    const key = `${width.toFixed(2)}pt ${height.toFixed(2)}pt`;
    let name = this.sizes.get(key);
    if (!name) {
      name = `size${this.sizes.size}`;
      this.sizes.set(key, name);
      // A style sheet made by script needs no nonce.
      this.sheet.insertRule(`@page ${name} { size: ${key}; margin: 0; }`);
    }
    return name;
  }
}
