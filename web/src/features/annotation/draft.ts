/** What is being typed and not sent: kept on this device, so that a reload loses no word. */
import { useCallback, useState } from 'react';
import type { Typed } from './mentions';

const prefix = 'scrollkeeper.draft.';

function read(key: string): Typed | undefined {
  try {
    const stored = localStorage.getItem(prefix + key);
    if (!stored) return undefined;
    const { text, people } = JSON.parse(stored) as { text: string; people: [string, string][] };
    return { text, people: new Map(people) };
  } catch {
    return undefined;
  }
}

function write(key: string, typed: Typed | undefined): void {
  try {
    if (!typed || typed.text === '') localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, JSON.stringify({ text: typed.text, people: [...typed.people] }));
  } catch {
    // It then lasts as long as the page.
  }
}

/** The text under `key`, else `first`; and how to change and forget it. */
export function useDraft(key: string, first: Typed) {
  const [typed, setTyped] = useState(() => read(key) ?? first);
  const change = useCallback(
    (next: Typed) => {
      setTyped(next);
      write(key, next);
    },
    [key],
  );
  const forget = useCallback(
    (then?: Typed) => {
      write(key, undefined);
      if (then) setTyped(then);
    },
    [key],
  );
  return { typed, change, forget };
}
