/** A place in the top bar that the page on screen may fill. */
import { useEffect, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

const id = 'bar-place';

export const BarPlace = () => <div id={id} style={{ display: 'contents' }} />;

/** Shows its children in the top bar. */
export function InBar({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => setPlace(document.getElementById(id)), []);
  return place ? createPortal(children, place) : null;
}
