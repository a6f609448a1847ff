import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../ui/announce';
import type { Totals } from './totals';

/** Totals are spoken at most this often. */
const EVERY_MS = 10_000;

/** Says how far the uploads are: every ten seconds at most while they go, and once when they end. */
export function useSpokenTotals(sum: Totals, resumed: number): void {
  const { t } = useTranslation('ingest');
  const current = useRef(sum);
  const said = useRef(-1);
  useEffect(() => {
    current.current = sum;
  });

  useEffect(() => {
    if (resumed > 0) announce(t('tray.resumed', { count: resumed }));
  }, [resumed, t]);

  useEffect(() => {
    if (!sum.busy) return undefined;
    const timer = setInterval(() => {
      const { done, count } = current.current;
      if (done === said.current) return;
      said.current = done;
      announce(t('say.progress', { done, count }));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      said.current = -1;
      const { settled, done, count, attention } = current.current;
      if (!settled || count === 0) return;
      announce(done === count ? t('say.all', { count }) : t('say.some', { done, count, attention }));
    };
  }, [sum.busy, t]);
}
