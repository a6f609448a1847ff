import { useEffect } from 'react';

/** The tab's title while this page is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title) document.title = `${title} · Scrollkeeper`;
    return () => {
      document.title = 'Scrollkeeper';
    };
  }, [title]);
}
