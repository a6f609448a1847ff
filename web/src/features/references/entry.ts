/** An entry of the list, in the parts that it is set in. */
import { nameText } from '../../lib/names';
import type { Reference } from './api';

export interface Entry {
  readonly authors: string;
  readonly year: string;
  readonly title: string;
  /** The journal or book; set in italics. */
  readonly container: string;
  /** Volume, pages, publisher. */
  readonly rest: string;
}

// More names than anybody reads in a list.
const mostAuthors = 6;

/** The parts; undefined where too little could be told apart, and what is printed says more. */
export function entryOf({ csl }: Reference, more: (count: number) => string): Entry | undefined {
  const names = (csl.author?.length ? csl.author : (csl.editor ?? [])).map(nameText).filter(Boolean);
  const year = String(csl.issued?.['date-parts']?.[0]?.[0] ?? csl.issued?.literal ?? '');
  if (!csl.title || (names.length === 0 && year === '')) return undefined;
  const shown = names.length > mostAuthors + 1 ? [...names.slice(0, mostAuthors), more(names.length - mostAuthors)] : names;
  const volume = [csl.volume, csl.issue ? `(${csl.issue})` : ''].join('');
  const pages = csl.page || csl['page-first'] || '';
  return {
    authors: shown.join(', '),
    year,
    title: csl.title,
    container: csl['container-title'] || csl['event-title'] || csl['collection-title'] || '',
    rest: [volume, csl.number, pages, csl.edition, csl.publisher, csl['publisher-place']].filter(Boolean).join(', '),
  };
}

/** Where the work is on the web. What a file says is followed only to the web. */
export function linkOf({ DOI, URL: address }: Reference['csl']): { readonly href: string; readonly text: string } | undefined {
  if (DOI && /^10\.\d{4,9}/.test(DOI)) return { href: `https://doi.org/${encodeURI(DOI)}`, text: DOI };
  if (!address || !/^https?:\/\//i.test(address)) return undefined;
  return { href: address, text: address.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '') };
}

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

// A book has thousands of entries, and each letter that is typed goes through all.
const haystacks = new WeakMap<Reference, string>();

/** Everything of an entry that a filter looks at. */
function haystack(reference: Reference): string {
  const known = haystacks.get(reference);
  if (known !== undefined) return known;
  const { raw, csl } = reference;
  const text = folded([raw, csl.title, csl['container-title'], csl.DOI, ...(csl.author ?? []).map(nameText)].join(' '));
  haystacks.set(reference, text);
  return text;
}

/** The entries in which all words stand, or begin a word or end one; accents do not matter. */
export function filtered(references: readonly Reference[], words: string): readonly Reference[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return references;
  return references.filter((reference) => {
    const text = haystack(reference);
    return wanted.every((word) => text.includes(word));
  });
}

/** The pages on which an entry is cited, each once, in order. */
export const citedPages = ({ cited }: Pick<Reference, 'cited'>): number[] =>
  [...new Set(cited.map(({ page }) => page))].toSorted((a, b) => a - b);
