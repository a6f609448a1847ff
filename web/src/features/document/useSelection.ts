import { useCallback, useMemo, useRef, useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** The current row, which keys act on. */
  current: string | undefined;
  setCurrent: (id: string | undefined) => void;
  toggle: (id: string) => void;
  /** Selects from the row last toggled to this one. */
  extendTo: (id: string) => void;
  all: () => void;
  clear: () => void;
}

/** The rows between two, both included, in the order of `ids`. */
export function between(ids: readonly string[], from: string, to: string): string[] {
  const a = ids.indexOf(from);
  const b = ids.indexOf(to);
  if (a === -1 || b === -1) return b === -1 ? [] : [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** What is current and what is selected among the rows with these ids. */
export function useSelection(rows: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string>();
  const anchor = useRef<string>(undefined);
  const known = useRef(rows);
  known.current = rows;

  const toggle = useCallback((id: string) => {
    anchor.current = id;
    setCurrent(id);
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const extendTo = useCallback((id: string) => {
    const ids = between(known.current, anchor.current ?? id, id);
    setCurrent(id);
    setChosen((before) => new Set([...before, ...ids]));
  }, []);
  const all = useCallback(() => setChosen(new Set(known.current)), []);
  const clear = useCallback(() => {
    anchor.current = undefined;
    setChosen(new Set());
  }, []);

  // A row that somebody else deleted is no longer selected.
  const ids = useMemo(() => {
    if (chosen.size === 0) return chosen;
    const there = new Set(rows);
    return new Set([...chosen].filter((id) => there.has(id)));
  }, [chosen, rows]);
  return useMemo(
    () => ({ ids, current, setCurrent, toggle, extendTo, all, clear }),
    [ids, current, toggle, extendTo, all, clear],
  );
}
