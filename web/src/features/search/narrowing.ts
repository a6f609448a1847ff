/** Queries with a filter more or less. */

interface Place {
  /** Code points in the query, half open. */
  start: number;
  end: number;
}

/** The ways to ask, as the help lists them; each has an example and a text. */
export const ways = ['words', 'phrase', 'or', 'not', 'author', 'title', 'year', 'tag', 'in', 'by', 'color', 'has'] as const;

const tidy = (q: string): string => q.replace(/\s+/gu, ' ').trim();

/** `q` without what stands at `place`. */
export function withoutFilter(q: string, place: Place): string {
  const points = [...q];
  return tidy([...points.slice(0, place.start), ' ', ...points.slice(place.end)].join(''));
}

/** `q` without any of these filters. */
export const withoutFilters = (q: string, places: readonly Place[]): string =>
  [...places].sort((a, b) => b.start - a.start).reduce((rest, place) => withoutFilter(rest, place), q);

/** `q` with one filter more; a value with spaces is put in quotation marks. */
export function withFilter(q: string, field: string, value: string): string {
  const plain = value.replace(/["“”„«»]/gu, '');
  return tidy(`${q} ${field}:${/\s/u.test(plain) ? `"${plain}"` : plain}`);
}
