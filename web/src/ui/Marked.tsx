import type { ReactNode } from 'react';
import classes from './Marked.module.css';

/** Words of a phrase, with only a space or a hyphen between them, make one mark. */
function joined(points: readonly string[], ranges: readonly (readonly number[])[]): [number, number][] {
  const sorted = ranges.map(([from = 0, to = 0]): [number, number] => [from, to]).sort((a, b) => a[0] - b[0]);
  const out: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = out.at(-1);
    const gap = last ? points.slice(last[1], from).join('') : '';
    if (last && from - last[1] <= 1 && /^[\s\u2010-]?$/u.test(gap)) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/**
 * The text as pieces, marked or not. Ranges are half-open and count Unicode
 * code points, as the server does; JavaScript's own indices would be off after
 * the first character outside the basic plane.
 */
export function markedPieces(text: string, ranges: readonly (readonly number[])[]): { text: string; marked: boolean }[] {
  const points = [...text];
  const pieces: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const [from, to] of joined(points, ranges)) {
    const start = Math.max(at, Math.min(from, points.length));
    const end = Math.min(to, points.length);
    if (end <= start) continue;
    if (start > at) pieces.push({ text: points.slice(at, start).join(''), marked: false });
    pieces.push({ text: points.slice(start, end).join(''), marked: true });
    at = end;
  }
  if (at < points.length) pieces.push({ text: points.slice(at).join(''), marked: false });
  return pieces;
}

/** A passage with its hits marked. */
export function Marked({ text, ranges }: { text: string; ranges: readonly (readonly number[])[] }): ReactNode {
  return markedPieces(text, ranges).map((piece, i) =>
    piece.marked ? (
      <mark key={i} className={classes.mark}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
