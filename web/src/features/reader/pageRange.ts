/** "1-3, 7" as pages in order, each once; undefined when it is no such list, or names a page that is not there. */
export function parsePages(text: string, pageCount: number): number[] | undefined {
  const pages = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last] = /^\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6})\s*)?$/.exec(part) ?? [];
    if (first === undefined) return undefined;
    const from = Number(first);
    const to = Number(last ?? first);
    if (from < 1 || to < from || to > pageCount) return undefined;
    for (let page = from; page <= to; page++) pages.add(page);
  }
  return [...pages].sort((a, b) => a - b);
}
