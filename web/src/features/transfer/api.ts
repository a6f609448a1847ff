/** What taking marks out and bringing them in asks of the server. */
import { api, unwrap, type Answer } from '../../lib/api';

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
