/** Where the reader was before each jump, for the way back. */
import { useCallback, useState } from 'react';
import type { Place } from '../../pdfview/types';

// More steps than anybody goes back.
const most = 50;

export function usePlaces() {
  const [places, setPlaces] = useState<readonly Place[]>([]);
  const leave = useCallback(
    (from: Place | undefined) => {
      if (from) setPlaces((known) => [...known, from].slice(-most));
    },
    [setPlaces],
  );
  const drop = useCallback(() => setPlaces((known) => known.slice(0, -1)), [setPlaces]);
  return { last: places.at(-1), leave, drop };
}
