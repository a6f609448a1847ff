/** How many characters stand before the first hit. */
const LEAD = 28;

/**
 * A snippet cut so that its first hit is seen on one line. Ranges are code
 * points, half-open, and move with the text.
 */
export function oneLine(
  snippet: string,
  ranges: readonly (readonly number[])[],
): { text: string; ranges: [number, number][] } {
  const points = [...snippet.replace(/\s/gu, ' ')];
  const first = Math.min(...ranges.map(([start = 0]) => start), points.length);
  let cut = Math.max(0, first - LEAD);
  // At the beginning of a word, unless that would lose the lead.
  if (cut > 0) {
    const space = points.indexOf(' ', cut);
    if (space !== -1 && space < first) cut = space + 1;
  }
  const lead = cut > 0 ? '…' : '';
  const move = lead.length - cut;
  return {
    text: lead + points.slice(cut).join(''),
    ranges: ranges.map(([start = 0, end = 0]) => [Math.max(0, start + move), Math.max(0, end + move)]),
  };
}
