import { Tooltip } from '@mantine/core';
import { Copy, MessageSquarePlus } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Keys } from '../../ui/Keys';
import { toast } from '../../ui/toast';
import { useDiscussion } from './Discussion';
import { lastMeaning } from './meanings';
import { beside } from '../../pdfview/popupPlace';
import classes from './Popup.module.css';
import { Swatches } from './Swatches';

/** Of the handles that a touch screen draws below a selection, in CSS pixels. */
const handleHeight = 24;

/** What can be done with what is selected; stands beside it and never on it. */
export function SelectionPopup() {
  const { t } = useTranslation('annotation');
  const { selection, names, markSelection, handle, feed, clearSelection } = useDiscussion();
  const popup = useRef<HTMLDivElement>(null);
  const mayMark = (selection?.parts.length ?? 0) > 0;

  useLayoutEffect(() => {
    if (!selection) return undefined;
    const touch = window.matchMedia('(hover: none)').matches;
    const place = () => {
      const element = popup.current;
      const area = element?.parentElement?.getBoundingClientRect();
      if (!element || !area) return;
      const at = handle.current?.selectionRect();
      element.hidden = !at;
      if (!at) return;
      // On a touch screen the system's own menu stands above, and the finger's handles below.
      const first = touch ? 'below' : 'above';
      const { left, top, right, bottom } = at;
      const taken = { left, top, right, bottom: touch ? bottom + handleHeight : bottom };
      const { x, y } = beside(taken, { width: element.offsetWidth, height: element.offsetHeight }, area, first);
      element.style.transform = `translate(${x - area.left}px, ${y - area.top}px)`;
    };
    place();
    window.addEventListener('resize', place);
    const stop = feed.listen(place);
    return () => {
      stop();
      window.removeEventListener('resize', place);
    };
  }, [selection, handle, feed]);

  // A selection by keys is announced by the pages; this says what can be done with it.
  const described = useRef(false);
  useEffect(() => {
    described.current = selection !== null;
  }, [selection]);

  if (!selection) return null;
  const copy = () => {
    void navigator.clipboard.writeText(selection.text).then(
      () => toast(t('done.copied')),
      () => undefined,
    );
    clearSelection();
  };
  return (
    <div
      ref={popup}
      className={classes.popup}
      role="toolbar"
      aria-label={t('popup.label')}
      // The selection would go with the focus.
      onPointerDown={(event) => event.preventDefault()}
    >
      {mayMark ? (
        <>
          <Swatches names={names} onChoose={(meaning) => markSelection('highlight', meaning)} />
          <span className={classes.rule} />
          <button type="button" className={classes.action} aria-label={t('popup.comment')} onClick={() => markSelection('highlight', lastMeaning(), true)}>
            <MessageSquarePlus size={16} strokeWidth={1.75} aria-hidden />
            <span className={classes.word}>{t('popup.comment')}</span>
            <Keys keys="c" />
          </button>
        </>
      ) : (
        <span className={classes.note}>{t('popup.later')}</span>
      )}
      <Tooltip label={t('popup.copy')}>
        <button type="button" className={classes.action} data-icon aria-label={t('popup.copy')} onClick={copy}>
          <Copy size={16} strokeWidth={1.75} aria-hidden />
        </button>
      </Tooltip>
    </div>
  );
}
