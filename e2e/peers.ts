/** What other programs see of the marks in a PDF: MuPDF, pdf.js and poppler. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { Browser } from '@playwright/test';

const run = promisify(execFile);

/** A mark in another program's eyes. `quads` are corners x, y … in PDF points, in whichever order. */
export interface SeenMark {
  page: number;
  subtype: string;
  contents: string;
  author: string;
  quads: number[][];
  rect: number[];
}

/** A box around a quad: x0, y0, x1, y1. */
export function boxOf(quad: readonly number[]): [number, number, number, number] {
  const xs = quad.filter((_, i) => i % 2 === 0);
  const ys = quad.filter((_, i) => i % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** By MuPDF's own script language. It counts from the top of the page; `height` turns that round. */
export async function seenByMupdf(pdf: Buffer, height: number): Promise<SeenMark[]> {
  return inFolder(async (folder) => {
    const path = await put(folder, 'paper.pdf', pdf);
    const script = await put(
      folder,
      'list.js',
      `var doc = new Document(scriptArgs[0]), out = [];
       for (var i = 0; i < doc.countPages(); i++) {
         doc.loadPage(i).getAnnotations().forEach(function (a) {
           var type = a.getType(), quads = [], author = '';
           if (type == 'Highlight' || type == 'Underline') quads = a.getQuadPoints();
           if (type != 'Popup') author = a.getAuthor();
           out.push({ page: i + 1, subtype: type, contents: a.getContents(), author: author, quads: quads, rect: a.bound() });
         });
       }
       print(JSON.stringify(out));`,
    );
    const { stdout } = await run('mutool', ['run', script, path], { maxBuffer: 64 << 20 });
    const flip = (corners: number[]): number[] => corners.map((v, i) => (i % 2 === 0 ? v : height - v));
    return (JSON.parse(stdout) as SeenMark[]).map((m) => ({ ...m, quads: m.quads.map(flip), rect: flip(m.rect) }));
  });
}

interface PdfjsAnnotation {
  subtype: string;
  rect: number[];
  quadPoints: ArrayLike<number> | null;
  contentsObj: { str: string };
  titleObj: { str: string };
}

/** By the pdf.js that the web app has, in a browser of its own page. */
export async function seenByPdfjs(browser: Browser, pdf: Buffer): Promise<SeenMark[]> {
  const page = await browser.newPage();
  try {
    await page.route('https://pdfjs.test/**', async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === '') await route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
      else if (name === 'paper.pdf') await route.fulfill({ contentType: 'application/pdf', body: pdf });
      else await route.fulfill({ contentType: 'text/javascript', path: resolve(import.meta.dirname, '../web/node_modules/pdfjs-dist/build', name) });
    });
    await page.goto('https://pdfjs.test/');
    return await page.evaluate(async () => {
      const library = '/pdf.min.mjs';
      const pdfjs = (await import(library)) as typeof import('../web/node_modules/pdfjs-dist/types/src/pdf.js');
      pdfjs.GlobalWorkerOptions.workerSrc = '/pdf.worker.min.mjs';
      const document = await pdfjs.getDocument({ url: '/paper.pdf' }).promise;
      const seen = [];
      for (let number = 1; number <= document.numPages; number++) {
        for (const a of await (await document.getPage(number)).getAnnotations()) {
          const flat: number[] = Array.from(a.quadPoints ?? []);
          const quads = Array.from({ length: flat.length / 8 }, (_, i) => flat.slice(i * 8, i * 8 + 8));
          seen.push({ page: number, subtype: a.subtype, contents: a.contentsObj.str, author: a.titleObj.str, quads, rect: a.rect });
        }
      }
      return seen;
    });
  } finally {
    await page.close();
  }
}

/** A page as poppler draws it, one pixel for a point: colour at a point of the page. */
export async function drawnByPoppler(pdf: Buffer, page: number, height: number): Promise<(x: number, y: number) => [number, number, number]> {
  return inFolder(async (folder) => {
    const path = await put(folder, 'paper.pdf', pdf);
    await run('pdftoppm', ['-r', '72', '-f', String(page), '-l', String(page), '-singlefile', path, join(folder, 'page')]);
    const picture = await readFile(join(folder, 'page.ppm'));
    // P6, width, height, 255, then the pixels.
    const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(picture.subarray(0, 40).toString('latin1'))!;
    const width = Number(header[1]);
    return (x, y) => {
      const at = header[0].length + 3 * (Math.round(height - y) * width + Math.round(x));
      return [picture[at]!, picture[at + 1]!, picture[at + 2]!];
    };
  });
}

async function put(folder: string, name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'scrollkeeper-peers-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
