import type { Hit } from '../../lib/api';

/** The hits of one document, in the order of their rank. */
export interface HitGroup {
  documentId: string;
  hits: Hit[];
}

/** Groups hits by document; a document stands where its best hit stood. */
export function groupHits(hits: readonly Hit[]): HitGroup[] {
  const groups = new Map<string, HitGroup>();
  for (const hit of hits) {
    const group = groups.get(hit.document_id);
    if (!group) groups.set(hit.document_id, { documentId: hit.document_id, hits: [hit] });
    // A later page of results may give again what has moved up since.
    else if (!group.hits.some((other) => hitKey(other) === hitKey(hit))) group.hits.push(hit);
  }
  return [...groups.values()];
}

export const hitKey = (hit: Hit): string => `${hit.edition_id ?? hit.document_id}.${hit.page}.${hit.start}${hit.mark_id ? `.${hit.mark_id}` : ''}`;

/** Where a hit opens in its document: at the mark, or at the words; one by its title where it was left. */
export const placeOf = (hit: Hit) =>
  hit.mark_id
    ? { search: { page: hit.page }, hash: `a=${hit.mark_id}` }
    : hit.end > hit.start
      ? { search: { page: hit.page, hit: `${hit.start}-${hit.end}` } }
      : { search: {} };

/** How many hits of a document are shown until one asks for all. */
export const shownAtFirst = 3;

/** The hits that n and p walk over: those that are on screen. */
export const visibleHits = (groups: readonly HitGroup[], open: ReadonlySet<string>): Hit[] =>
  groups.flatMap((group) => (open.has(group.documentId) ? group.hits : group.hits.slice(0, shownAtFirst)));
