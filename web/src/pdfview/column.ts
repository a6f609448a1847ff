/** Where on a page its text stands, so that a phone can leave the margins out. */
import type { PDFDocumentProxy } from 'pdfjs-dist';

/** The part of a page's width that its text takes, as shares from its left edge. */
export interface Column {
  readonly left: number;
  readonly right: number;
}

/** A piece of text on a line: its two ends as shares of the page's width. */
export interface Piece {
  readonly left: number;
  readonly right: number;
  readonly characters: number;
}

// Characters: a title page with fewer says nothing, as many as this say all.
const few = 400;
const enough = 2500;

/**
 * The text column of the pages given, as far as they are needed; of several
 * columns, all together. Undefined where there is too little upright text to
 * tell, or no line where the text begins.
 */
export async function textColumn(
  document: PDFDocumentProxy,
  pages: readonly number[],
): Promise<Column | undefined> {
  const pieces: Piece[] = [];
  let characters = 0;
  for (const number of pages) {
    if (characters >= enough) break;
    const page = await document.getPage(number);
    if (page.rotate !== 0) return undefined;
    const [x0 = 0, , x1 = 0] = page.view;
    for (const item of (await page.getTextContent()).items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [, slope, , , x] = item.transform as [number, number, number, number, number];
      if (slope !== 0) continue;
      const left = (x - x0) / (x1 - x0);
      const right = (x + item.width - x0) / (x1 - x0);
      pieces.push({ left, right, characters: item.str.length });
      characters += item.str.length;
    }
  }
  return columnOf(pieces);
}

// Where this share of all characters begins at one distance from the edge, a column begins.
// Headers, footers and notes in the margin have less.
const share = 0.15;
// Distances within a hundredth of the width are one.
const bins = 100;
// What goes further right than all but this share of the text is left out.
const beyond = 0.03;
// Narrower than this is a table or a list, not the text.
const narrowest = 0.4;

export function columnOf(pieces: readonly Piece[]): Column | undefined {
  const total = pieces.reduce((sum, piece) => sum + piece.characters, 0);
  if (total < few) return undefined;
  const starts = new Map<number, number>();
  for (const { left, characters } of pieces) {
    const bin = Math.floor(left * bins);
    starts.set(bin, (starts.get(bin) ?? 0) + characters);
  }
  let first = Infinity;
  for (const [bin, characters] of starts) {
    if (characters >= share * total) first = Math.min(first, bin);
  }
  const inside = pieces.filter(({ left }) => Math.floor(left * bins) >= first);
  if (inside.length === 0) return undefined;
  const left = Math.max(0, Math.min(...inside.map((piece) => piece.left)));
  const right = Math.min(1, rightEdge(inside));
  return right - left < narrowest ? undefined : { left, right };
}

function rightEdge(pieces: readonly Piece[]): number {
  const sorted = pieces.toSorted((a, b) => b.right - a.right);
  const total = pieces.reduce((sum, piece) => sum + piece.characters, 0);
  let seen = 0;
  for (const { right, characters } of sorted) {
    seen += characters;
    if (seen > beyond * total) return right;
  }
  return 1;
}
