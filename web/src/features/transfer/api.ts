/** What taking marks out and bringing them in asks of the server. */
import { api, unwrap, type Answer } from '../../lib/api';
import { ApiError, problemFrom } from '../../lib/problem';
import { reportSignedOut } from '../../lib/session';

export const formats = ['pdf', 'md', 'html', 'csv', 'jsonld'] as const;
export type Format = (typeof formats)[number];

export const groups = ['page', 'person', 'meaning'] as const;
export type Group = (typeof groups)[number];

export type ImportReport = Answer<'/api/documents/{document_id}/annotations/import', 'post'>;

export interface ExportChoice {
  readonly format: Format;
  /** What Markdown, CSV and HTML are divided by. */
  readonly group: Group;
  /** Whether my own private marks go along. */
  readonly withPrivate: boolean;
}

/** The server takes no more; asked before sending, since a server may hang up on what is too long. */
export const maxImportBytes = 16 * 1024 * 1024;

/** Where the marks of a document are, as a file, with their places in that edition. */
export function exportUrl(documentId: string, editionId: string, { format, group, withPrivate }: ExportChoice): string {
  const query = new URLSearchParams({ format, group, edition_id: editionId, private: withPrivate ? '1' : '0' });
  return `/api/documents/${encodeURIComponent(documentId)}/annotations/export?${query.toString()}`;
}

export interface Fetched {
  readonly name: string;
  readonly content: Blob;
}

/**
 * Fetches a file instead of letting the browser do it, because a link would save
 * the server's problem as if it were the file. Throws ApiError, or the signal's reason.
 */
export async function fetchFile(url: string, fallbackName: string, signal: AbortSignal): Promise<Fetched> {
  try {
    const response = await fetch(url, { signal, credentials: 'same-origin' });
    if (!response.ok) {
      if (response.status === 401) reportSignedOut();
      throw new ApiError(problemFrom(await response.text(), response.status));
    }
    const name = nameIn(response.headers.get('Content-Disposition')) ?? fallbackName;
    return { name, content: await response.blob() };
  } catch (cause) {
    if (signal.aborted || cause instanceof ApiError) throw cause;
    throw new ApiError({ status: 0, code: 'offline', title: 'Offline', detail: '' }, { cause });
  }
}

/** The name that a Content-Disposition gives, the one in UTF-8 (RFC 8187) first. */
export function nameIn(disposition: string | null): string | undefined {
  if (!disposition) return undefined;
  const [, encoded] = /filename\*=utf-8''([^;]+)/i.exec(disposition) ?? [];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // The plain name is there for this.
    }
  }
  const [, quoted, bare] = /filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? bare;
}

/** Hands a file to the browser, which asks or saves as it is set to. */
export function save({ name, content }: Fetched): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken its hold of the bytes once this task is over.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Brings Web Annotations (JSON-LD) to an edition of a document. */
export const importAnnotations = (documentId: string, editionId: string, file: Blob): Promise<ImportReport> =>
  unwrap(
    api.POST('/api/documents/{document_id}/annotations/import', {
      params: { path: { document_id: documentId }, query: { edition_id: editionId } },
      headers: { 'Content-Type': 'application/ld+json' },
      // The file goes as it is.
      body: '',
      bodySerializer: () => file,
    }),
  );
