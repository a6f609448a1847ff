import { useEffect, useState } from 'react';

/** True once `wanted` has held for `ms`: a skeleton that flashes is worse than none. */
export function useDelayed(wanted: boolean, ms = 150): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setTimeout(() => setPassed(true), ms);
    return () => {
      clearTimeout(timer);
      setPassed(false);
    };
  }, [wanted, ms]);
  return wanted && passed;
}
