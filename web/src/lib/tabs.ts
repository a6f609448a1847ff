/**
 * Which of a person's tabs does the work. Exactly one leads; when it goes, by
 * being closed or killed, the next takes over at once.
 */

/** Resolves when this tab leads, which it then does until `signal` ends it. Rejects when it ends before. */
export function lead(name: string, signal: AbortSignal): Promise<void> {
  return navigator.locks ? leadByLock(name, signal) : leadByWord(name, signal);
}

function leadByLock(name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { signal }, () => {
        resolve();
        // The lock is held for as long as this does not resolve; the browser frees a dead tab's.
        return new Promise<void>((free) => {
          if (signal.aborted) free();
          else signal.addEventListener('abort', () => free(), { once: true });
        });
      })
      .catch(reject);
  });
}

/** How long a leader has to object. Tabs in the background still get messages, if not timers, at once. */
const OBJECT_MS = 400;
/** How often a tab that does not lead asks again. */
const ASK_AGAIN_MS = 3000;

type Word = { ask: string } | { no: string };

/**
 * Web Locks need a secure connection. A page served over plain HTTP within a
 * network asks around instead: who hears no objection leads. Of two that ask at
 * the same moment the one with the smaller name objects.
 */
function leadByWord(name: string, signal: AbortSignal): Promise<void> {
  const me = `${Date.now()}-${Math.random()}`;
  const channel = new BroadcastChannel(name);
  let state: 'asking' | 'resting' | 'leading' = 'asking';
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise((resolve, reject) => {
    const ask = () => {
      state = 'asking';
      channel.postMessage({ ask: me } satisfies Word);
      timer = setTimeout(() => {
        state = 'leading';
        resolve();
      }, OBJECT_MS);
    };
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if ('ask' in data) {
        if (state === 'leading' || (state === 'asking' && me < data.ask)) channel.postMessage({ no: data.ask } satisfies Word);
      } else if (data.no === me && state === 'asking') {
        state = 'resting';
        clearTimeout(timer);
        timer = setTimeout(ask, ASK_AGAIN_MS);
      }
    };
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        channel.close();
        reject(signal.reason as Error);
      },
      { once: true },
    );
    if (signal.aborted) reject(signal.reason as Error);
    else ask();
  });
}
