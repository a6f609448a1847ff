/** The tree of collections, from the list that the server gives. */
import type { Collection } from '../../lib/api';

export interface Branch extends Collection {
  /** From 0. */
  level: number;
  /** Its own name after those that it is in. */
  path: string;
  children: Branch[];
}

/** The branches at the top, each with what is in it, in the server's order. */
export function treeOf(list: readonly Collection[]): Branch[] {
  const under = new Map<string | null, Collection[]>();
  for (const collection of list) {
    const siblings = under.get(collection.parent_id);
    if (siblings) siblings.push(collection);
    else under.set(collection.parent_id, [collection]);
  }
  const grow = (parent: string | null, level: number, above: string): Branch[] =>
    (under.get(parent) ?? []).map((collection) => {
      const path = above + collection.name;
      return { ...collection, level, path, children: grow(collection.id, level + 1, `${path} / `) };
    });
  return grow(null, 0, '');
}

/** All branches, each before what is in it. */
export const flatten = (branches: readonly Branch[]): Branch[] =>
  branches.flatMap((branch) => [branch, ...flatten(branch.children)]);

/** The ids of those that a collection is in, the nearest first. */
export function above(list: readonly Collection[], id: string): string[] {
  const parents = new Map(list.map((collection) => [collection.id, collection.parent_id]));
  const ids: string[] = [];
  for (let at = parents.get(id); at; at = parents.get(at)) ids.push(at);
  return ids;
}
