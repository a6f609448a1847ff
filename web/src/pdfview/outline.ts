/** The file's own outline as a flat list with page numbers. */
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { OutlineEntry } from './types';

type Node = NonNullable<Awaited<ReturnType<PDFDocumentProxy['getOutline']>>>[number];

// A malicious outline can be as long as it likes; nobody reads beyond this.
const mostEntries = 5000;
const deepest = 20;

/**
 * Reads the outline and looks up where each entry leads. Entries that lead
 * nowhere keep their title, with a null page. Never throws: a broken outline
 * is an empty one.
 */
export async function readOutline(document: PDFDocumentProxy): Promise<OutlineEntry[]> {
  try {
    const entries: OutlineEntry[] = [];
    await collect(document, (await document.getOutline()) ?? [], 0, entries);
    return entries;
  } catch {
    return [];
  }
}

async function collect(
  document: PDFDocumentProxy,
  nodes: readonly Node[],
  level: number,
  entries: OutlineEntry[],
): Promise<void> {
  for (const node of nodes) {
    if (entries.length >= mostEntries) return;
    entries.push({ title: node.title.trim(), level, ...(await resolve(document, node.dest)) });
    if (level < deepest) await collect(document, node.items, level + 1, entries);
  }
}

async function resolve(
  document: PDFDocumentProxy,
  dest: Node['dest'],
): Promise<Pick<OutlineEntry, 'page' | 'y'>> {
  try {
    const explicit: unknown = typeof dest === 'string' ? await document.getDestination(dest) : dest;
    if (!Array.isArray(explicit)) return { page: null, y: null };
    const [target, kind] = explicit as [unknown, { name?: string } | undefined];
    const index =
      typeof target === 'number'
        ? target
        : await document.getPageIndex(target as Parameters<PDFDocumentProxy['getPageIndex']>[0]);
    const page = index >= 0 && index < document.numPages ? index + 1 : null;
    // ISO 32000-2, table 149: XYZ has left, top; FitH and FitBH have top alone.
    const y: unknown = explicit[kind?.name === 'XYZ' ? 3 : kind?.name?.endsWith('H') ? 2 : -1];
    return { page, y: typeof y === 'number' ? y : null };
  } catch {
    return { page: null, y: null };
  }
}
