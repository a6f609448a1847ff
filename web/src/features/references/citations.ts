/** The places in the text that cite works of the list, and their marks on the pages. */
import { lineQuads, type Quad } from '../../anchoring/quads';
import type { PageText, ViewMark } from '../../pdfview/types';
import type { Reference } from './api';

export interface Citation {
  /** Names its mark among those of the pages. */
  readonly id: string;
  /** From 1. */
  readonly page: number;
  /** Code points of the page's text, half open. */
  readonly start: number;
  readonly end: number;
  /** Places in the list, in order. */
  readonly references: readonly number[];
}

const prefix = 'citation:';

export const isCitation = (id: string): boolean => id.startsWith(prefix);

/** The places by page, each in the order of the text. The server tells them with each entry. */
export function citationsByPage(references: readonly Reference[]): ReadonlyMap<number, readonly Citation[]> {
  const byId = new Map<string, Citation & { references: number[] }>();
  for (const { index, cited } of references) {
    for (const { page, start, end } of cited) {
      const id = `${prefix}${page}:${start}:${end}`;
      const known = byId.get(id);
      if (known) known.references.push(index);
      else byId.set(id, { id, page, start, end, references: [index] });
    }
  }
  const sorted = [...byId.values()].toSorted((a, b) => a.page - b.page || a.start - b.start || a.end - b.end);
  const byPage = new Map<number, Citation[]>();
  for (const citation of sorted) {
    const known = byPage.get(citation.page);
    if (known) known.push(citation);
    else byPage.set(citation.page, [citation]);
  }
  return byPage;
}

/** Where a part of a page's text stands. Whole words, as their boxes are. */
export const quadsOf = ({ words, rotation }: PageText, { start, end }: { start: number; end: number }): Quad[] =>
  lineQuads(
    words.filter((word) => word.start < end && word.end > start),
    rotation,
  );

/** The marks of a page's citations; those whose words have no place are left out. */
export function citationMarks(text: PageText, citations: readonly Citation[], label: (citation: Citation) => string): ViewMark[] {
  return citations.flatMap((citation) => {
    const quads = quadsOf(text, citation);
    if (quads.length === 0) return [];
    return [{ id: citation.id, page: citation.page, shape: 'citation' as const, quads, tone: 'citation', label: label(citation) }];
  });
}
