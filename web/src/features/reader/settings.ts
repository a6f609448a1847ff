/** How this person likes to read, kept on this device. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { PageLayout } from '../../pdfview/types';

export type ThemeChoice = 'auto' | 'light' | 'dark' | 'sepia';
export type Tab = 'outline' | 'pages' | 'find';

const themes: readonly ThemeChoice[] = ['auto', 'light', 'dark', 'sepia'];
const tabs: readonly Tab[] = ['outline', 'pages'];
const scrolls: readonly PageLayout['scroll'][] = ['continuous', 'single'];
const spreads: readonly PageLayout['spread'][] = ['none', 'odd', 'even'];
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

/** How the pages lie; the same object until it changes. */
export function usePageLayout() {
  const [scroll, setScroll] = useRemembered('scroll', scrolls, 'continuous');
  const [spread, setSpread] = useRemembered('spread', spreads, 'none');
  const layout = useMemo<PageLayout>(() => ({ scroll, spread }), [scroll, spread]);
  const choose = useCallback(
    (next: PageLayout) => {
      setScroll(next.scroll);
      setSpread(next.spread);
    },
    [setScroll, setSpread],
  );
  return [layout, choose] as const;
}

export function usePanel(name: 'left', openAtFirst: boolean) {
  const [state, setState] = useRemembered(name, switches, openAtFirst ? 'open' : 'closed');
  const setOpen = useCallback((open: boolean) => setState(open ? 'open' : 'closed'), [setState]);
  return [state === 'open', setOpen] as const;
}

/** The panel that is open at the right: `first` until somebody has chosen; undefined when closed. */
export function useOpenPanel(first: string) {
  const key = 'scrollkeeper.reader.right';
  const [open, setOpen] = useState(() => read(key) ?? first);
  const choose = useCallback((id: string | undefined) => {
    setOpen(id ?? '');
    try {
      localStorage.setItem(key, id ?? '');
    } catch {
      // It then lasts as long as the page.
    }
  }, []);
  return [open === '' ? undefined : open, choose] as const;
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
