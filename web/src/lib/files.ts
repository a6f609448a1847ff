/** Files that come from the server or go to it, beside the API's JSON. */
import { ApiError, problemFrom } from './problem';
import { reportSignedOut } from './session';

export interface Fetched {
  readonly name: string;
  readonly content: Blob;
}

/** A request whose body or answer is a file. Throws ApiError, or the signal's reason. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    const response = await fetch(url, { credentials: 'same-origin', ...init });
    if (!response.ok) {
      if (response.status === 401) reportSignedOut();
      throw new ApiError(problemFrom(await response.text(), response.status));
    }
    return response;
  } catch (cause) {
    if (init.signal?.aborted || cause instanceof ApiError) throw cause;
    throw new ApiError({ status: 0, code: 'offline', title: 'Offline', detail: '' }, { cause });
  }
}

/** Sends a file and gives the answer's text, told of each part that has gone. Throws as request does. */
export function send(url: string, file: Blob, onSent: (bytes: number) => void): Promise<string> {
  // fetch does not say how much has gone.
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', url);
    call.setRequestHeader('Content-Type', 'application/octet-stream');
    call.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    call.addEventListener('load', () => {
      if (call.status >= 200 && call.status < 300) {
        resolve(call.responseText);
        return;
      }
      if (call.status === 401) reportSignedOut();
      reject(new ApiError(problemFrom(call.responseText, call.status)));
    });
    const offline = () => reject(new ApiError({ status: 0, code: 'offline', title: 'Offline', detail: '' }));
    call.addEventListener('error', offline);
    call.addEventListener('abort', offline);
    call.send(file);
  });
}

/**
 * Fetches a file instead of letting the browser do it, because a link would save
 * the server's problem as if it were the file. Throws as request does.
 */
export async function fetchFile(url: string, fallbackName: string, init: RequestInit = {}): Promise<Fetched> {
  const response = await request(url, init);
  const name = nameIn(response.headers.get('Content-Disposition')) ?? fallbackName;
  try {
    return { name, content: await response.blob() };
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
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
