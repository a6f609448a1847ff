import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { quadBounds } from '../../anchoring/quads';
import { beside } from '../../pdfview/popupPlace';
import type { PdfHandle } from '../../pdfview/types';
import type { Reference } from './api';
import classes from './CitationPopup.module.css';
import { EntryLinks, EntryText } from './Entry';
import { useReferences } from './ReferencesProvider';

interface Props {
  pdf: PdfHandle;
  jump: (go: (pdf: PdfHandle) => void) => void;
  /** Opens the list. */
  onList: () => void;
}

/** The works that a place in the text cites, beside it. */
export function CitationPopup({ pdf, jump, onList }: Props) {
  const { t } = useTranslation('references');
  const { list, looked, lookedMark, onMove, hold, close, want, showPrinted } = useReferences();
  const popup = useRef<HTMLDivElement>(null);
  const citation = looked?.citation;

  useLayoutEffect(() => {
    const place = () => {
      const element = popup.current;
      const area = element?.parentElement?.getBoundingClientRect();
      const quad = lookedMark?.quads[0];
      if (!element || !area || !lookedMark || !quad) return;
      const at = pdf.clientRect(lookedMark.page, quadBounds(quad));
      const seen = at !== undefined && at.bottom > area.top && at.top < area.bottom;
      element.hidden = !seen;
      if (!seen) return;
      const { x, y } = beside(at, { width: element.offsetWidth, height: element.offsetHeight }, area);
      element.style.transform = `translate(${x - area.left}px, ${y - area.top}px)`;
    };
    place();
    window.addEventListener('resize', place);
    const stop = onMove(place);
    return () => {
      stop();
      window.removeEventListener('resize', place);
    };
  }, [pdf, lookedMark, onMove]);

  useEffect(() => {
    if (looked?.byKeys) popup.current?.focus();
  }, [looked]);

  useEffect(() => {
    if (!citation) return undefined;
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      const inside = popup.current?.contains(document.activeElement);
      close();
      if (inside) pdf.focusMark(citation.id);
    };
    const elsewhere = (event: PointerEvent) => {
      if (event.target instanceof Node && !popup.current?.contains(event.target)) close();
    };
    document.addEventListener('keydown', leave, { capture: true });
    document.addEventListener('pointerdown', elsewhere);
    return () => {
      document.removeEventListener('keydown', leave, { capture: true });
      document.removeEventListener('pointerdown', elsewhere);
    };
  }, [citation, close, pdf]);

  if (!citation || !lookedMark || !list) return null;
  const works = citation.references.map((index) => list[index]).filter((work): work is Reference => work !== undefined);
  return (
    <div
      ref={popup}
      className={classes.popup}
      role="dialog"
      aria-label={lookedMark.label}
      tabIndex={-1}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
    >
      <ul className={classes.works}>
        {works.map((reference) => (
          <li key={reference.index}>
            <EntryText reference={reference} />
            <p className={classes.facts}>
              <EntryLinks reference={reference} />
              <button
                type="button"
                className={classes.go}
                onClick={() => {
                  close();
                  onList();
                  want(reference.index);
                }}
              >
                {t('inList')}
              </button>
              <button
                type="button"
                className={classes.go}
                aria-label={t('goPrinted', { page: reference.page, n: reference.index + 1 })}
                onClick={() => showPrinted(reference, jump)}
              >
                {t('goTo', { page: reference.page })}
              </button>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
