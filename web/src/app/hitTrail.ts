/**
 * The hits last shown by the search page, so that a document opened at one of
 * them can go on to the next, in this document or another.
 */
export interface TrailHit {
  documentId: string;
  page: number;
  start: number;
  end: number;
}

let trail: readonly TrailHit[] = [];

export function rememberTrail(hits: readonly TrailHit[]): void {
  trail = hits;
}

const same = (a: TrailHit, b: TrailHit): boolean =>
  a.documentId === b.documentId && a.page === b.page && a.start === b.start && a.end === b.end;

/** The hit `step` places after this one; undefined past either end, or off the trail. */
export function alongTrail(hit: TrailHit, step: 1 | -1): TrailHit | undefined {
  const at = trail.findIndex((other) => same(other, hit));
  return at === -1 ? undefined : trail[at + step];
}
