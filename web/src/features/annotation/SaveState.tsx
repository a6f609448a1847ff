import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../ui/announce';
import { useChangeQueue } from './ChangesProvider';
import { isStuck, standing } from './changes';
import classes from './SaveState.module.css';

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** How what one has written stands: on the server, on its way, or kept here. */
export function SaveState({ onStuck }: { onStuck: (markId: string) => void }) {
  const { t } = useTranslation('annotation');
  const queue = useChangeQueue();
  const { unsaved, stuck, trouble, kept } = standing(queue);
  const down = unsaved > 0 && trouble !== null;
  const said = useRef(false);
  const count = t('save.changes', { count: unsaved });
  useEffect(() => {
    if (down && !said.current) announce(t(kept ? 'save.offline' : 'save.offlineUnkept', { count }));
    else if (!down && said.current && unsaved === 0) announce(t('save.savedAgain'));
    if (down || unsaved === 0) said.current = down;
  }, [down, unsaved, kept, count, t]);

  if (stuck > 0) {
    const first = queue.changes.find(isStuck);
    return (
      <button type="button" className={classes.stuck} onClick={() => first && onStuck(first.markId)}>
        <TriangleAlert {...icon} />
        {t('save.stuck', { count: stuck })}
      </button>
    );
  }
  if (down) {
    return (
      <span className={classes.state} data-down>
        <CloudOff {...icon} />
        {trouble === 'signed_out'
          ? t('save.signedOut', { count })
          : t(kept ? (trouble === 'busy' ? 'save.busy' : 'save.offline') : 'save.offlineUnkept', { count })}
      </span>
    );
  }
  if (unsaved > 0) {
    return (
      <span className={classes.state}>
        <LoaderCircle {...icon} />
        {t('save.saving')}
      </span>
    );
  }
  return (
    <span className={classes.state}>
      <Check {...icon} className={classes.ok} />
      {t('save.saved')}
    </span>
  );
}
