/** SHA-256 of a file, where the browser can give it at a fair price. */

/**
 * The browser digests only whole buffers, so a file is in memory at once while
 * it does; above this size the server, which hashes as it reads, tells instead.
 */
export const DIGEST_UP_TO = 64 * 1024 * 1024;

// One at a time: four buffers of 64 MiB would be felt on a small machine.
let last: Promise<unknown> = Promise.resolve();

/**
 * Lower-case hex, or null when the file is too large or the page was not loaded
 * over a secure connection (no crypto.subtle). Throws when the file can no
 * longer be read. The work is done off the main thread by the browser.
 */
export function digest(file: Blob): Promise<string | null> {
  if (file.size > DIGEST_UP_TO || !globalThis.crypto?.subtle) return Promise.resolve(null);
  const mine = last.then(async () => {
    const sum = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
  last = mine.catch(() => undefined);
  return mine;
}
