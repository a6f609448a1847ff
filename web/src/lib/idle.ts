// Safari has no requestIdleCallback; a second after the page was drawn it mostly rests.
const pause = 1000;

/** Calls `work` when the browser has nothing better to do; gives back what calls it off. */
export function whenIdle(work: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const id = window.requestIdleCallback(work);
    return () => window.cancelIdleCallback(id);
  }
  const id = setTimeout(work, pause);
  return () => clearTimeout(id);
}
