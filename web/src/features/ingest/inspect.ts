/** The look at a file before anything is sent: what can be told here need not be learnt from the server. */
import type { ItemProblem } from './queue';

export interface Limits {
  maxBytes: number;
}

/** A reader must accept a header anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3). */
const HEADER_WITHIN = 1024;
const HEADER = new TextEncoder().encode('%PDF-');

/** What is wrong with a file, or null. Never throws: an unreadable file is a finding too. */
export async function inspect(file: Blob, limits: Limits): Promise<ItemProblem | null> {
  if (file.size > limits.maxBytes) return { code: 'too_large', action: 'remove' };
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, HEADER_WITHIN).arrayBuffer());
  } catch {
    return unreadable;
  }
  if (file.size === 0) return { code: 'empty_file', action: 'remove' };
  return hasHeader(head) ? null : { code: 'not_a_pdf', action: 'remove' };
}

/** The file went away or changed on the disk since it was picked. */
export const unreadable: ItemProblem = { code: 'unreadable', action: 'remove' };

function hasHeader(head: Uint8Array): boolean {
  for (let at = 0; at + HEADER.length <= head.length; at++) {
    if (HEADER.every((byte, i) => head[at + i] === byte)) return true;
  }
  return false;
}
