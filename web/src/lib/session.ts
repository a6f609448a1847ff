/**
 * Whether the session has ended under us. Any part of the app that meets a 401
 * reports it here; the app then asks to sign in over the page as it stands, and
 * whoever waits (uploads, the live connection) goes on afterwards.
 */
type Listener = () => void;

let signedOut = false;
const listeners = new Set<Listener>();

function set(value: boolean) {
  if (signedOut === value) return;
  signedOut = value;
  for (const listener of [...listeners]) listener();
}

/** To be called on every 401 that is not the answer to signing in. */
export const reportSignedOut = () => set(true);

/** To be called when a session exists again. */
export const reportSignedIn = () => set(false);

export const isSignedOut = () => signedOut;

/** Called on every turn; gives back the function that ends it. */
export function onSessionTurn(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Resolves at once when signed in, else when somebody has signed in again. */
export function whenSignedIn(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!signedOut) return resolve();
    const stop = onSessionTurn(() => {
      if (signedOut) return;
      stop();
      resolve();
    });
    signal?.addEventListener('abort', () => {
      stop();
      reject(signal.reason as Error);
    });
  });
}
