/** From picked files to entries of the queue, looked at and ready to be listed. */
import type { Picked } from './gather';
import { inspect } from './inspect';
import type { NewItem } from './queue';

/** So many are looked at together; a folder of thousands shows its first rows at once. */
const BATCH = 32;

export interface Batch {
  items: NewItem[];
  files: File[];
}

let counter = 0;

/**
 * Ids sort in the order in which files were added, and so does the store that is
 * keyed by them. Not crypto.randomUUID, which needs a secure connection: a
 * server in one's own network may not have one.
 */
function newId(): string {
  const time = Date.now().toString(36).padStart(9, '0');
  const place = (counter++).toString(36).padStart(6, '0');
  const chance = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, '0'));
  return `${time}-${place}-${chance.join('')}`;
}

/** Where files are to go: a library, and a document of it that they are versions of. */
export interface Goal {
  libraryId: string;
  documentId?: string | undefined;
  /** Folders become collections. */
  collect?: boolean | undefined;
}

/** Looks at the files in their order and gives them in batches. Never throws. */
export async function* prepare(picked: readonly Picked[], { libraryId, documentId, collect }: Goal, maxBytes: number): AsyncGenerator<Batch> {
  for (let at = 0; at < picked.length; at += BATCH) {
    const batch = picked.slice(at, at + BATCH);
    const items = await Promise.all(
      batch.map(async ({ file, path }): Promise<NewItem> => {
        const problem = await inspect(file, { maxBytes });
        const goal = documentId === undefined ? { libraryId } : { libraryId, forDocumentId: documentId };
        const asked = collect && path ? { collect: 'asked' as const } : {};
        const item = { id: newId(), ...goal, ...asked, name: file.name, path, size: file.size };
        return problem ? { ...item, problem } : item;
      }),
    );
    yield { items, files: batch.map(({ file }) => file) };
  }
}
