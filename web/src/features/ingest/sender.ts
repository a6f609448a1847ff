/**
 * One attempt to send one file by tus 1.0: begins or resumes, and ends with the
 * document's id or a Failure. Trying again is the engine's business, because
 * tus-js-client's own retries know nothing of Retry-After, of sign-ins, or of
 * the other files in the queue.
 */
import { Upload, type DetailedError, type HttpResponse } from 'tus-js-client';
import { problemFrom } from '../../lib/problem';
import { UploadFailure } from './server';
import { retryAfter } from './verdict';

const endpoint = () => `${location.origin}/api/uploads/`;

/**
 * Up to this size a file goes in one request with its creation. Larger ones are
 * begun first: one round trip more, and a cut costs a chunk and not the file.
 */
const IN_ONE_UP_TO = 1024 * 1024;

/** A connection that moves nothing for this long is taken for dead. */
const STALLED_MS = 90_000;

export interface Sending {
  file: Blob;
  libraryId: string;
  /** The document that this is a further version of. */
  forDocumentId?: string | undefined;
  name: string;
  path: string;
  sha256: string | null;
  /** The path of an upload that was begun, or null. */
  url: string | null;
  chunkBytes: number;
  signal: AbortSignal;
  /** The creation is about to go out. */
  onCreate: () => void;
  /** The server has named the upload; from here on it can be resumed. */
  onLocated: (url: string) => void;
  /** Bytes sent in all, also in earlier attempts. */
  onProgress: (sent: number) => void;
}

export interface Sent {
  /** Null when the last answer was lost and only a later look showed that all had arrived. */
  documentId: string | null;
}

export type Send = (sending: Sending) => Promise<Sent>;

/** Rejects with UploadFailure, with the signal's reason when stopped, or with what reading the file threw. */
export const sendByTus: Send = (sending) =>
  new Promise((resolve, reject) => {
    const { file, signal } = sending;
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }

    const metadata: Record<string, string> = {
      filename: sending.name,
      filetype: 'application/pdf',
      library_id: sending.libraryId,
    };
    if (sending.forDocumentId) metadata.document_id = sending.forDocumentId;
    if (sending.path) metadata.path = sending.path;
    if (sending.sha256) metadata.sha256 = sending.sha256;

    let over = false;
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      if (over) return;
      over = true;
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      settle();
    };
    const stop = () => {
      void upload.abort();
      end(() => reject(signal.reason as Error));
    };
    const alive = () => {
      clearTimeout(watchdog);
      if (over) return;
      watchdog = setTimeout(() => {
        void upload.abort();
        end(() => reject(noAnswer(upload.url !== null)));
      }, STALLED_MS);
    };

    const upload = new Upload(file, {
      endpoint: endpoint(),
      uploadUrl: sending.url,
      metadata,
      chunkSize: sending.chunkBytes,
      retryDelays: null,
      // Only where the bytes are known by their hash: should the answer be lost,
      // the copy can be recognised.
      uploadDataDuringCreation: sending.sha256 !== null && file.size <= Math.min(IN_ONE_UP_TO, sending.chunkBytes),
      // The queue keeps its own addresses; the library's would stay in localStorage for good.
      storeFingerprintForResuming: false,
      fingerprint: () => Promise.resolve(''),
      onBeforeRequest(request) {
        // start() is asynchronous and forgets an abort that came before its first request.
        if (over) throw new Error('stopped');
        if (request.getMethod() === 'POST') sending.onCreate();
        alive();
      },
      onUploadUrlAvailable() {
        // Behind a proxy the server may not know its own origin: only the path is taken.
        const path = new URL(upload.url ?? '', location.href).pathname;
        upload.url = path;
        // With an endpoint, tus-js-client answers any error on resuming, even
        // "unavailable", by beginning a second upload.
        upload.options.endpoint = null;
        if (!over) sending.onLocated(path);
      },
      onProgress(sent) {
        alive();
        if (!over) sending.onProgress(sent);
      },
      onSuccess({ lastResponse }) {
        end(() => resolve({ documentId: lastResponse.getHeader('Scrollkeeper-Document') || null }));
      },
      onError(error) {
        end(() => reject(failureOf(error, upload.url !== null)));
      },
    });
    if (sending.url) upload.options.endpoint = null;

    signal.addEventListener('abort', stop, { once: true });
    alive();
    upload.start();
  });

function failureOf(error: Error | DetailedError, resuming: boolean): Error {
  // Without a request it was the file that failed.
  if (!('originalRequest' in error) || error.originalRequest === null) return error;
  const cause = error.causingError;
  if (cause instanceof DOMException && cause.name === 'NotReadableError') return cause;
  const response = error.originalResponse;
  return response ? answered(response, resuming) : noAnswer(resuming, error);
}

const noAnswer = (resuming: boolean, cause?: unknown): UploadFailure =>
  new UploadFailure(
    { status: 0, code: '', detail: '', documentId: null, trashed: false, retryAfterMs: null, resuming },
    { cause },
  );

function answered(response: HttpResponse, resuming: boolean): UploadFailure {
  const status = response.getStatus();
  const problem = problemFrom(response.getBody(), status);
  const documentId = problem.document_id;
  return new UploadFailure({
    status,
    // A tus answer without a body of ours, as HEAD's, has no code.
    code: problem.code.startsWith('http_') || problem.code === 'internal' ? '' : problem.code,
    detail: problem.detail,
    documentId: typeof documentId === 'string' ? documentId : null,
    trashed: problem.trashed === true,
    retryAfterMs: retryAfter(response.getHeader('Retry-After') ?? null, Date.now()),
    resuming,
  });
}
