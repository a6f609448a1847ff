/** Where a query breaks, and what is left of it without that part. */

export interface Broken {
  /** The part that cannot be answered, as it was typed. */
  readonly part: string;
  /** The query without it; empty when there is nothing else. */
  readonly rest: string;
  /** Where it stands, as a browser counts. */
  readonly start: number;
  readonly end: number;
}

const quotes = '"“”„«»';

/** The part at a place, counted in code points as the server does; undefined where nothing is there. */
export function brokenPart(query: string, at: number): Broken | undefined {
  const runes = [...query];
  if (at < 0 || at >= runes.length) return undefined;
  let end = at;
  let quoted = false;
  while (end < runes.length) {
    const rune = runes[end] ?? '';
    if (quotes.includes(rune)) {
      // A closing one ends the part.
      if (quoted) {
        end += 1;
        break;
      }
      quoted = true;
    } else if (!quoted && /\s/u.test(rune)) break;
    end += 1;
  }
  const text = (from: number, to?: number) => runes.slice(from, to).join('');
  const rest = `${text(0, at).trimEnd()} ${text(end).trimStart()}`
    .trim()
    .replace(/^OR\s+|\s+OR$/gu, '')
    .replace(/\sOR\s+OR\s/gu, ' OR ')
    .replace(/^OR$/u, '');
  return { part: text(at, end), rest, start: text(0, at).length, end: text(0, end).length };
}
