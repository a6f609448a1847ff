/** What happened, said to screen readers without moving the focus. */
import { useSyncExternalStore } from 'react';

let current = '';
const watchers = new Set<() => void>();

/** Says one sentence politely, after what is being said now. */
export function announce(sentence: string): void {
  // The same words again would not be spoken: a no-break space makes them new.
  current = sentence === current ? `${sentence}\u00a0` : sentence;
  for (const watcher of [...watchers]) watcher();
}

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** Mounted once, at the root. */
export function Announcer() {
  const sentence = useSyncExternalStore(watch, () => current);
  return (
    <div className="sr-only" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
