/**
 * Where the address says to be. The address follows the reader too (the page is
 * told to the caller, which writes it into the address), and what comes back
 * that way must not move the pages again.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Hit } from './hit';

export interface Target {
  readonly page: number | undefined;
  readonly hit: Hit | undefined;
}

/**
 * `target` changes when somebody else asks for a place, not when the reader's
 * own page comes back. `tell` is to be called on each new page; the caller
 * hears of it after `settleAfter` ms without another.
 */
export function useTarget(
  page: number | undefined,
  hit: Hit | undefined,
  onPlaceChange: (page: number) => void,
  settleAfter: number,
): { target: Target; tell: (page: number) => void } {
  const [target, setTarget] = useState<Target>({ page, hit });
  const told = useRef(new Set<number>());
  const callback = useRef(onPlaceChange);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    callback.current = onPlaceChange;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const start = hit?.start;
  const end = hit?.end;
  const seen = useRef({ page, start, end });
  useEffect(() => {
    const before = seen.current;
    if (before.page === page && before.start === start && before.end === end) return;
    seen.current = { page, start, end };
    const own = page !== undefined && told.current.delete(page);
    const sameHit = before.start === start && before.end === end;
    // The reader walked away from the hit: its marks stay where they are.
    if (own && (sameHit || start === undefined)) return;
    setTarget({ page, hit: start === undefined || end === undefined ? undefined : { start, end } });
  }, [page, start, end]);

  const tell = useCallback(
    (now: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        if (seen.current.page === now) return;
        told.current.add(now);
        callback.current(now);
      }, settleAfter);
    },
    [settleAfter],
  );
  return { target, tell };
}
