/** What the benchmarks in a browser share: a document to open, and figures of many values. */
import { expect } from '../fixtures.ts';
import type { Server } from '../server.ts';

export interface Book {
  editionId: string;
  documentId: string;
}

/** Stores a file by tus in the first library and waits until it has been read. */
export async function addBook(server: Server, token: string, pdf: Buffer): Promise<Book> {
  const { items } = await server.api<{ items: { id: string }[] }>(token, '/api/libraries');
  const base64 = (s: string): string => Buffer.from(s).toString('base64');
  const sent = await fetch(`${server.origin}/api/uploads/`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(pdf.length),
      'upload-metadata': `filename ${base64('book.pdf')},library_id ${base64(items[0]!.id)}`,
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(pdf),
  });
  expect(sent.status).toBe(201);
  const documentId = sent.headers.get('scrollkeeper-document')!;
  const read = () => server.api<{ edition: { id: string; state: string } }>(token, `/api/documents/${documentId}`);
  await expect.poll(async () => (await read()).edition.state, { timeout: 120_000 }).toBe('ready');
  return { editionId: (await read()).edition.id, documentId };
}

/** The value below which a part of them lies, rounded to one digit after the point where it is small. */
export function at(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]!;
  return value < 100 ? Math.round(10 * value) / 10 : Math.round(value);
}
