/** The look at a file before anything is sent: what can be told here need not be learnt from the server. */
import type { ItemProblem } from './queue';

export interface Limits {
  maxBytes: number;
}

// What the server takes for a PDF, as internal/extract/sniff.go tells it: a header
// anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3), or it or an object at
// the beginning of a line further in, behind what mail or a printer put before it.
const HEADER_WITHIN = 1024;
const SNIFF_LENGTH = 64 << 10;
const BEGINNING = /(?:^|[\r\n])[\0\t\f ]*(?:%PDF-|\d{1,10}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj[\0\t\n\f\r ]*<<)/;

/** What is wrong with a file, or null. Never throws: an unreadable file is a finding too. */
export async function inspect(file: Blob, limits: Limits): Promise<ItemProblem | null> {
  if (file.size > limits.maxBytes) return { code: 'too_large', action: 'remove' };
  let head: string;
  try {
    // A character a byte, or nearly: those above 127 do not matter.
    head = new TextDecoder('latin1').decode(await file.slice(0, SNIFF_LENGTH).arrayBuffer());
  } catch {
    return unreadable;
  }
  if (file.size === 0) return { code: 'empty_file', action: 'remove' };
  return head.slice(0, HEADER_WITHIN).includes('%PDF-') || BEGINNING.test(head) ? null : { code: 'not_a_pdf', action: 'remove' };
}

/** The file went away or changed on the disk since it was picked. */
export const unreadable: ItemProblem = { code: 'unreadable', action: 'remove' };
