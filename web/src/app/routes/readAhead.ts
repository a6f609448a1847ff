/** Who sees a list of papers will open one: the reader comes while they choose. */
import { whenIdle } from '../../lib/idle';

export const loadReader = () => import('./DiscussedReader');

/** Loads the reader once the page at hand has all it needs; gives back what stops that. */
export function readAhead(): (() => void) | undefined {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return undefined;
  // A failure comes again, and is told, when a document is opened.
  return whenIdle(() => void loadReader().catch(() => undefined));
}
