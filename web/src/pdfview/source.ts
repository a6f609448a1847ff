/**
 * Delivers a file to pdf.js in ranges, and goes on after a lost connection.
 *
 * pdf.js can fetch a URL by itself, but a part that failed once is never asked
 * for again, so a page would stay empty until the whole file is opened anew.
 * Here a part is asked for until it comes or the viewer is closed.
 */
import type { PDFDataRangeTransport } from 'pdfjs-dist';
import type { Pdfjs } from './pdfjs';
import type { Connection, LoadFailure } from './types';

/** The first part, and the least that is asked for at a time. In bytes. */
export const partSize = 64 * 1024;

// The first part is asked for this often before the file counts as unreachable.
const firstAttempts = 3;
const firstWait = 400;
const longestWait = 15_000;

export class SourceError extends Error {
  constructor(readonly failure: LoadFailure) {
    super(failure);
    this.name = 'SourceError';
  }
}

/** The end of a file: where it begins, and its bytes. */
interface Tail {
  readonly begin: number;
  readonly bytes: Uint8Array;
}

/** What getDocument takes: a transport, or all bytes when the server gave them at once. */
export type Source =
  | { readonly range: PDFDataRangeTransport; readonly reconnect: () => void }
  | { readonly data: Uint8Array; readonly reconnect: () => void };

export interface SourceOptions {
  readonly signal: AbortSignal;
  readonly onConnection: (connection: Connection) => void;
}

/**
 * Asks for the beginning of the file and for its end, where the cross-references
 * are (ISO 32000-1, 7.5.5), while pdf.js may still be on its way.
 * Throws SourceError when there is none to be had, the signal's reason when it is
 * aborted, and what pdf.js could not be loaded for.
 */
export async function openSource(
  library: Promise<Pdfjs>,
  url: string,
  { signal, onConnection }: SourceOptions,
): Promise<Source> {
  const waits = new Waits(signal);
  const begin = async () => {
    const response = await first(url, waits, signal);
    return { bytes: new Uint8Array(await response.arrayBuffer()), length: lengthOf(response) };
  };
  const unneeded = new AbortController();
  const ending = lastPart(url, AbortSignal.any([signal, unneeded.signal]));
  const [pdfjs, { bytes, length }] = await Promise.all([library, begin()]);
  if (length === undefined || length <= bytes.length) {
    unneeded.abort();
    return { data: bytes, reconnect: () => undefined };
  }

  class Transport extends pdfjs.PDFDataRangeTransport {
    // How each part stands that is not there yet.
    private readonly open = new Map<number, Connection>();

    override requestDataRange(begin: number, end: number): void {
      void this.fetchPart(begin, end).catch(() => undefined);
    }

    private async fetchPart(begin: number, end: number): Promise<void> {
      if (end === length) {
        const tail = await ending;
        if (tail && tail.begin <= begin && tail.begin + tail.bytes.length === end) {
          this.onDataRange(begin, tail.bytes.slice(begin - tail.begin));
          return;
        }
      }
      for (let attempt = 0; !signal.aborted; attempt++) {
        const part = await fetchRange(url, begin, end, signal);
        if (part instanceof Uint8Array) {
          this.open.delete(begin);
          this.tell();
          this.onDataRange(begin, part);
          return;
        }
        this.open.set(begin, part);
        this.tell();
        await waits.wait(attempt);
      }
    }

    private told: Connection = 'fine';

    private tell() {
      const now = this.open.values().next().value ?? 'fine';
      if (now === this.told) return;
      this.told = now;
      onConnection(now);
    }
  }

  const range = new Transport(length, bytes);
  return { range, reconnect: () => waits.wake() };
}

async function first(url: string, waits: Waits, signal: AbortSignal): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    let failure: LoadFailure = 'unreachable';
    try {
      const response = await fetch(url, {
        headers: { Range: `bytes=0-${partSize - 1}` },
        signal,
      });
      if (response.ok) return response;
      failure = failureOf(response.status);
    } catch (reason) {
      if (signal.aborted) throw reason;
    }
    if (failure !== 'unreachable' || attempt >= firstAttempts) throw new SourceError(failure);
    await waits.wait(attempt);
    signal.throwIfAborted();
  }
}

/** The last part of the file; undefined when it did not come at once, for it can be asked for again. */
async function lastPart(url: string, signal: AbortSignal): Promise<Tail | undefined> {
  try {
    const response = await fetch(url, { headers: { Range: `bytes=-${partSize}` }, signal });
    const begin = Number(/^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1]);
    if (response.status === 206 && Number.isSafeInteger(begin)) {
      return { begin, bytes: new Uint8Array(await response.arrayBuffer()) };
    }
    void response.body?.cancel();
  } catch {
    // The same.
  }
  return undefined;
}

/** The bytes [begin, end), or how the connection stands when they did not come. */
async function fetchRange(
  url: string,
  begin: number,
  end: number,
  signal: AbortSignal,
): Promise<Uint8Array | Connection> {
  try {
    const response = await fetch(url, { headers: { Range: `bytes=${begin}-${end - 1}` }, signal });
    if (response.status === 206) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return bytes.length === end - begin ? bytes : 'lost';
    }
    void response.body?.cancel();
    if (response.status === 401) return 'signed-out';
    return response.status >= 400 && response.status < 500 && response.status !== 429
      ? 'refused'
      : 'lost';
  } catch {
    return 'lost';
  }
}

/** The file's whole length by `Content-Range: bytes 0-65535/911030` (RFC 9110, 14.4). */
function lengthOf(response: Response): number | undefined {
  if (response.status !== 206) return undefined;
  const length = Number(response.headers.get('Content-Range')?.split('/')[1]);
  return Number.isSafeInteger(length) && length > 0 ? length : undefined;
}

function failureOf(status: number): LoadFailure {
  if (status === 401) return 'signed-out';
  if (status === 403) return 'refused';
  if (status === 404 || status === 410) return 'missing';
  // Nothing can be taken from an empty file.
  if (status === 416) return 'damaged';
  return status === 429 || status >= 500 ? 'unreachable' : 'unknown';
}

/** Growing pauses that end early when the network is back or somebody asks. */
class Waits {
  private readonly sleepers = new Set<() => void>();

  constructor(private readonly signal: AbortSignal) {
    const wake = () => this.wake();
    window.addEventListener('online', wake, { signal });
    signal.addEventListener('abort', wake, { once: true });
  }

  wake() {
    for (const sleeper of [...this.sleepers]) sleeper();
  }

  wait(attempt: number): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(longestWait, firstWait * 2 ** attempt));
      this.sleepers.add(done);
    });
  }
}
