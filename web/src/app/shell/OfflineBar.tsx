import { CloudOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../ui/announce';
import { useDelayed } from '../../ui/useDelayed';
import { useLiveState } from '../live/LiveProvider';
import classes from './OfflineBar.module.css';

/** Says that news does not arrive; not for a blink. */
export function OfflineBar() {
  const { t } = useTranslation('app');
  const down = useDelayed(useLiveState() === 'down', 3000);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !down) announce(t('offline.back'));
    was.current = down;
  }, [down, t]);
  return (
    <div role="status">
      {down ? (
        <div className={classes.bar}>
          <CloudOff size={15} strokeWidth={1.75} aria-hidden />
          {t('offline.bar')}
        </div>
      ) : null}
    </div>
  );
}
