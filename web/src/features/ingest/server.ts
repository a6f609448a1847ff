/** What the queue asks of the server besides the bytes themselves. */
import { api, unwrap, type Upload } from '../../lib/api';
import { ApiError, problemOf } from '../../lib/problem';
import { reportSignedOut, whenSignedIn } from '../../lib/session';
import type { Failure } from './verdict';

export interface ServerLimits {
  maxBytes: number;
  chunkBytes: number;
}

export interface Match {
  documentId: string;
  trashed: boolean;
}

export interface Server {
  /** The server's limits; the defaults while it cannot be asked. */
  limits(): Promise<ServerLimits>;
  /** The document of this library with these bytes, or null. Rejects with UploadFailure. */
  find(libraryId: string, sha256: string): Promise<Match | null>;
  /** My newest uploads there, at most 200. */
  uploads(libraryId: string): Promise<Upload[]>;
  /** Takes a document out of the trash. Rejects with UploadFailure. */
  restore(documentId: string): Promise<void>;
  /** Puts documents into the collections of their folders, at most 500. Rejects with UploadFailure. */
  gather(libraryId: string, items: readonly { documentId: string; path: string }[]): Promise<void>;
  /** Tells the server to forget an unfinished upload; what fails is expired there anyway. */
  discard(url: string): void;
  /** Reports that the session has ended, and resolves when there is one again. */
  signedIn(signal: AbortSignal): Promise<void>;
}

/** A Failure to be thrown. */
export class UploadFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`upload failed: ${failure.status} ${failure.code}`.trim(), options);
    this.name = 'UploadFailure';
    this.failure = failure;
  }
}

const defaults: ServerLimits = { maxBytes: 2 * 1024 ** 3, chunkBytes: 8 * 1024 ** 2 };

function failureOf(error: unknown): UploadFailure {
  const { status, code, detail } = problemOf(error);
  return new UploadFailure(
    // `offline` and `http_404` are the client's own names for "no code".
    { status, code: code === 'offline' || code.startsWith('http_') ? '' : code, detail, documentId: null, trashed: false, retryAfterMs: null, resuming: false },
    { cause: error },
  );
}

/** The real server, over the typed client. */
export function remote(): Server {
  let known: ServerLimits | undefined;
  return {
    async limits() {
      if (known) return known;
      try {
        const meta = await unwrap(api.GET('/api/meta'));
        known = { maxBytes: meta.max_upload_bytes, chunkBytes: meta.chunk_bytes };
        return known;
      } catch {
        return defaults;
      }
    },

    async find(libraryId, sha256) {
      try {
        const match = await unwrap(
          api.GET('/api/libraries/{library_id}/files/{sha256}', {
            params: { path: { library_id: libraryId, sha256 } },
          }),
        );
        return { documentId: match.document_id, trashed: match.trashed };
      } catch (error) {
        const { status, code } = problemOf(error);
        if (error instanceof ApiError && status === 404 && code !== 'library_not_found') return null;
        throw failureOf(error);
      }
    },

    async uploads(libraryId) {
      const list = await unwrap(api.GET('/api/libraries/{library_id}/uploads', { params: { path: { library_id: libraryId } } }));
      return list.items;
    },

    async restore(documentId) {
      try {
        await unwrap(api.POST('/api/documents/{document_id}/restore', { params: { path: { document_id: documentId } } }));
      } catch (error) {
        throw failureOf(error);
      }
    },

    async gather(libraryId, items) {
      try {
        await unwrap(
          api.POST('/api/libraries/{library_id}/gather', {
            params: { path: { library_id: libraryId } },
            body: { items: items.map(({ documentId, path }) => ({ document_id: documentId, path })) },
          }),
        );
      } catch (error) {
        throw failureOf(error);
      }
    },

    discard(url) {
      void fetch(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' }, keepalive: true }).catch(() => undefined);
    },

    signedIn(signal) {
      reportSignedOut();
      return whenSignedIn(signal);
    },
  };
}
