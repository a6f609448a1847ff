/** Changes to cached lists of documents, shown before the server has answered. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Document, DocumentPage } from '../../lib/api';
import type { DocumentsChange } from './api';

export type DocumentList = InfiniteData<DocumentPage, string | undefined>;

/** Puts a tag's or a collection's id on the rows of documents, and takes it off others. */
export function patchRows(list: DocumentList, kind: 'tag' | 'collection', id: string, change: DocumentsChange): DocumentList {
  const field = kind === 'tag' ? 'tag_ids' : 'collection_ids';
  const add = new Set(change.add);
  const remove = new Set(change.remove);
  const patch = (document: Document): Document => {
    const has = document[field].includes(id);
    if (add.has(document.id) && !has) return { ...document, [field]: [...document[field], id] };
    if (remove.has(document.id) && has) return { ...document, [field]: document[field].filter((other) => other !== id) };
    return document;
  };
  let changed = false;
  const pages = list.pages.map((page) => {
    const items = page.items.map(patch);
    if (items.every((item, i) => item === page.items[i])) return page;
    changed = true;
    return { ...page, items };
  });
  return changed ? { ...list, pages } : list;
}

/** On how many of these documents it is. */
export function stateOn(documents: readonly Document[], kind: 'tag' | 'collection', id: string): 'all' | 'some' | 'none' {
  const n = documents.filter((document) => (kind === 'tag' ? document.tag_ids : document.collection_ids).includes(id)).length;
  if (n === 0) return 'none';
  return n === documents.length ? 'all' : 'some';
}
