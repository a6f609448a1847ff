/** How this person likes to read, kept on this device. */
import { useCallback, useEffect, useState } from 'react';

export type ThemeChoice = 'auto' | 'light' | 'dark' | 'sepia';
export type Tab = 'outline' | 'pages' | 'find';

const themes: readonly ThemeChoice[] = ['auto', 'light', 'dark', 'sepia'];
const tabs: readonly Tab[] = ['outline', 'pages'];
const switches = ['open', 'closed'] as const;

/** A value out of a few words, remembered under `scrollkeeper.reader.<name>`. */
function useRemembered<T extends string>(name: string, allowed: readonly T[], fallback: T) {
  const key = `scrollkeeper.reader.${name}`;
  const [value, setValue] = useState<T>(() => {
    const stored = read(key);
    return allowed.find((word) => word === stored) ?? fallback;
  });
  const remember = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(key, next);
      } catch {
        // Storage may be full or forbidden: it then lasts as long as the page.
      }
    },
    [key],
  );
  return [value, remember] as const;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export const useThemeChoice = () => useRemembered<ThemeChoice>('theme', themes, 'auto');

/** The tab to begin with. Find is not one: nothing is looked for yet. */
export const useFirstTab = () => useRemembered<Tab>('tab', tabs, 'pages');

export function usePanel(name: 'left' | 'info', openAtFirst: boolean) {
  const [state, setState] = useRemembered(name, switches, openAtFirst ? 'open' : 'closed');
  const setOpen = useCallback((open: boolean) => setState(open ? 'open' : 'closed'), [setState]);
  return [state === 'open', setOpen] as const;
}

/** Sepia pages look right in a sepia frame only; in a dark app the frame stays dark. */
export function useSepiaApp(sepia: boolean): void {
  useEffect(() => {
    if (!sepia) return undefined;
    const root = document.documentElement;
    root.dataset.paper = 'sepia';
    return () => {
      delete root.dataset.paper;
    };
  }, [sepia]);
}
