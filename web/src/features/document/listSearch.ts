/** What the list shows, as it stands in the address. */
import type { DocumentListParams } from '../../lib/queryKeys';

export interface ListSearch {
  q?: string;
  sort?: DocumentListParams['sort'];
  order?: DocumentListParams['order'];
  state?: 'failed';
  /** Ids with commas between them. */
  tag?: string;
  collection?: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As many as the server takes. */
const maxTags = 20;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Takes what it knows and leaves out the rest, and what is the default anyway. */
export function parseListSearch(search: Record<string, unknown>): ListSearch {
  const sort = text(search.sort);
  const order = text(search.order);
  const q = text(search.q).trim();
  const tag = [...new Set(text(search.tag).toLowerCase().split(',').filter((id) => uuid.test(id)))].slice(0, maxTags).join(',');
  const collection = text(search.collection).toLowerCase();
  return {
    ...(tag ? { tag } : {}),
    ...(uuid.test(collection) ? { collection } : {}),
    ...(q ? { q } : {}),
    ...(sort === 'title' || sort === 'year' ? { sort } : {}),
    ...(order === 'asc' || order === 'desc' ? { order } : {}),
    ...(search.state === 'failed' ? { state: 'failed' as const } : {}),
  };
}

/** The order that one expects of a column when it is first chosen. */
export const defaultOrder = (sort: DocumentListParams['sort']): DocumentListParams['order'] =>
  sort === 'title' ? 'asc' : 'desc';

export function listParams(search: ListSearch): DocumentListParams {
  const sort = search.sort ?? 'added';
  return {
    sort,
    order: search.order ?? defaultOrder(sort),
    q: search.q ?? '',
    state: search.state ?? 'all',
    trashed: false,
    ...(search.tag ? { tag: search.tag } : {}),
    ...(search.collection ? { collection: search.collection } : {}),
  };
}
