import { useEffect, useRef } from 'react';
import { announce } from '../../ui/announce';

// Longer than it takes to scroll past a page or to type a letter, in ms.
const standsFor = 700;

/**
 * Says a sentence to screen readers once it has stood for a moment, so that
 * scrolling is not read out page by page. What is there at the beginning needs
 * no telling.
 */
export function useSaid(words: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (words === '') return undefined;
    const timer = setTimeout(() => {
      if (!first.current) announce(words);
      first.current = false;
    }, standsFor);
    return () => clearTimeout(timer);
  }, [words]);
}
