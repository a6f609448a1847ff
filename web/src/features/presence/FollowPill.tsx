import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { firstName, personColour } from '../../lib/people';
import { Keys } from '../../ui/Keys';
import { PersonAvatar } from '../../ui/PersonAvatar';
import classes from './FollowPill.module.css';
import { usePresence, type Pages } from './PresenceProvider';

const scrolling = ['PageUp', 'PageDown', 'Home', 'End'];
const scrollingInPages = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', ' '];

/** Over the pages: whom one follows. Scrolling by oneself ends it. */
export function FollowPill({ pages }: { pages: Pages }) {
  const { t } = useTranslation('presence');
  const { followed, unfollow, take } = usePresence();
  const { pdf, jump } = pages;
  useEffect(() => take({ pdf, jump }), [take, pdf, jump]);

  const frame = useRef<HTMLDivElement>(null);
  const on = followed !== undefined;
  useEffect(() => {
    const over = frame.current?.parentElement;
    if (!on || !over) return undefined;
    const stop = new AbortController();
    const options = { signal: stop.signal, passive: true, capture: true } as const;
    // With Ctrl the wheel changes the size.
    over.addEventListener('wheel', (event) => event.ctrlKey || unfollow(), options);
    over.addEventListener('touchmove', () => unfollow(), options);
    over.addEventListener(
      'pointerdown',
      (event) => {
        // The scroll bar belongs to the area itself.
        const area = event.target as HTMLElement;
        if (area.scrollHeight > area.clientHeight && event.offsetX >= area.clientWidth) unfollow();
      },
      options,
    );
    window.addEventListener(
      'keydown',
      ({ key, target, altKey }) => {
        const inPages = target instanceof HTMLElement && over.contains(target) && !target.closest('button, input, textarea');
        const typing = target instanceof HTMLElement && target.closest('input, textarea, [role=menu], [aria-modal]');
        if (altKey || typing) return;
        // Here too: a tooltip or the pages may take Esc before the app's keys have it.
        if (key === 'Escape' || scrolling.includes(key) || (inPages && scrollingInPages.includes(key))) unfollow();
      },
      options,
    );
    return () => stop.abort();
  }, [on, unfollow]);

  if (!followed) return null;
  const { id, name } = followed;
  return (
    <div ref={frame} className={classes.frame} style={{ ['--person' as string]: personColour(id) }}>
      <div className={classes.pill}>
        <PersonAvatar id={id} name={name} size={20} decorative />
        <span className={classes.words}>{t('follow.on', { name: firstName(name) })}</span>
        <span className={classes.keys}>
          <Keys keys="Esc" onBar /> {t('follow.keys')}
        </span>
        <button type="button" className={classes.stop} aria-label={t('follow.stopLabel')} title={t('follow.stopLabel')} onClick={unfollow}>
          <X size={15} strokeWidth={2} aria-hidden />
        </button>
      </div>
    </div>
  );
}
