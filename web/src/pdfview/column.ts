/** Where on a page its text stands, so that a phone can leave the margins out. */
import type { PDFDocumentProxy } from 'pdfjs-dist';

// Headers, footers and notes in the margin together rarely have more of the characters.
const outside = 0.12;
// Characters: a title page with fewer says nothing, a full page with as many says all.
const few = 400;
const enough = 1500;

/** The part of a page's width that its text takes, as shares from its left edge. */
export interface Column {
  readonly left: number;
  readonly right: number;
}

/**
 * The text column of the pages given, as far as they are needed. The outermost characters are left out,
 * so that what stands in the margin does not count. Undefined where there is
 * too little upright text to tell.
 */
export async function textColumn(
  document: PDFDocumentProxy,
  pages: readonly number[],
): Promise<Column | undefined> {
  const lefts: [share: number, weight: number][] = [];
  const rights: [share: number, weight: number][] = [];
  let characters = 0;
  for (const number of pages) {
    if (characters >= enough) break;
    const page = await document.getPage(number);
    if (page.rotate !== 0) return undefined;
    const [x0 = 0, , x1 = 0] = page.view;
    for (const item of (await page.getTextContent()).items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      characters += item.str.length;
      const [, slope, , , x] = item.transform as [number, number, number, number, number];
      if (slope !== 0) continue;
      lefts.push([(x - x0) / (x1 - x0), item.str.length]);
      rights.push([(x + item.width - x0) / (x1 - x0), item.str.length]);
    }
  }
  const left = quantile(lefts, outside);
  const right = quantile(rights, 1 - outside);
  if (left === undefined || right === undefined || right - left < 0.4) return undefined;
  return { left: Math.max(0, left), right: Math.min(1, right) };
}

function quantile(values: [number, number][], share: number): number | undefined {
  const total = values.reduce((sum, [, weight]) => sum + weight, 0);
  if (total < few) return undefined;
  values.sort(([a], [b]) => a - b);
  let seen = 0;
  for (const [value, weight] of values) {
    seen += weight;
    if (seen >= share * total) return value;
  }
  return values.at(-1)?.[0];
}
