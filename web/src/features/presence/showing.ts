/** Whether others are told where I read; kept on this device. */
import { useSyncExternalStore } from 'react';

const key = 'scrollkeeper.show-place';
const watchers = new Set<() => void>();
let shown: boolean | undefined;

export function isShowing(): boolean {
  if (shown !== undefined) return shown;
  try {
    return (shown = localStorage.getItem(key) !== 'off');
  } catch {
    return (shown = true);
  }
}

export function setShowing(on: boolean): void {
  shown = on;
  try {
    localStorage.setItem(key, on ? 'on' : 'off');
  } catch {
    // It then lasts as long as the page.
  }
  for (const watcher of [...watchers]) watcher();
}

export function watchShowing(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const useShowing = () => useSyncExternalStore(watchShowing, isShowing);
