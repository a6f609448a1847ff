/** Collections with those that they are in, in the order of their paths. */
export function pathsOf(collections: readonly { id: string; parent_id: string | null; name: string }[]): { id: string; path: string }[] {
  const byId = new Map(collections.map((collection) => [collection.id, collection]));
  return collections
    .map(({ id, name, parent_id }) => {
      let path = name;
      for (let up = parent_id, depth = 0; up !== null && depth < 50; depth++) {
        const above = byId.get(up);
        if (!above) break;
        path = `${above.name} / ${path}`;
        up = above.parent_id;
      }
      return { id, path };
    })
    .sort((a, b) => a.path.localeCompare(b.path));
}
