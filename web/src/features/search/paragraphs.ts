/** A page's text as paragraphs of pieces, with the hit in it. */

export interface Piece {
  text: string;
  /** `hit`: a matched word of the hit looked at. */
  kind: 'text' | 'hit';
}

/**
 * Splits `text` at its line feeds, which end paragraphs, and at the edges of
 * `ranges`. All offsets are code points of the whole text, ranges half-open.
 * Ranges outside `hit` belong to other hits and are left unmarked.
 */
export function paragraphsOf(
  text: string,
  ranges: readonly (readonly number[])[],
  hit: readonly [number, number],
): Piece[][] {
  const points = [...text];
  const marked = new Uint8Array(points.length);
  for (const [from = 0, to = 0] of ranges) {
    if (to <= hit[0] || from >= hit[1]) continue;
    marked.fill(1, Math.max(0, from), Math.min(points.length, to));
  }
  // The space or hyphen between two words of a phrase belongs to the mark.
  points.forEach((point, i) => {
    if (!marked[i] && marked[i - 1] && marked[i + 1] && /[ \u2010-]/u.test(point)) marked[i] = 1;
  });
  const paragraphs: Piece[][] = [[]];
  let run = '';
  let kind: Piece['kind'] = 'text';
  const flush = () => {
    if (run) paragraphs.at(-1)?.push({ text: run, kind });
    run = '';
  };
  points.forEach((point, i) => {
    if (point === '\n') {
      flush();
      paragraphs.push([]);
      return;
    }
    const next = marked[i] ? 'hit' : 'text';
    if (next !== kind) flush();
    kind = next;
    run += point;
  });
  flush();
  return paragraphs.filter((pieces) => pieces.length > 0);
}
