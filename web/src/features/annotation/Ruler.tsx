import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PdfHandle } from '../../pdfview/types';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { useDiscussion } from './Discussion';
import { firstPart, topOf } from './order';
import { circle, circlesOf } from './circles';
import classes from './Ruler.module.css';

/** Somebody at a point of a page. */
export interface RulerReader {
  readonly id: string;
  readonly name: string;
  readonly page: number;
  readonly x: number;
  readonly y: number;
}

interface Props {
  onGo: (scrollTop: number) => void;
  /** Who else is reading, and where. */
  readers: readonly RulerReader[];
}

/**
 * The whole document in a strip: its marks in their colours, who is where, and
 * the part in the window. Click goes there.
 */
export function Ruler({ onGo, readers }: Props) {
  const { t } = useTranslation('annotation');
  const { placed, handle, feed, layout } = useDiscussion();
  const strip = useRef<HTMLDivElement>(null);
  const window_ = useRef<HTMLDivElement>(null);
  const total = handle.current?.contentHeight ?? 0;

  useLayoutEffect(() => {
    const place = () => {
      const pdf = handle.current;
      const element = window_.current;
      if (!pdf || !element || pdf.contentHeight === 0) return;
      element.style.top = `${(pdf.scrollTop / pdf.contentHeight) * 100}%`;
      element.style.height = `${Math.min(1, pdf.viewportHeight / pdf.contentHeight) * 100}%`;
    };
    place();
    return feed.listen(place);
  }, [handle, feed, layout]);

  // Another way to what the list of marks and the scrolling area give by keys.
  return (
    <div
      ref={strip}
      className={classes.ruler}
      aria-hidden
      title={t('ruler.label')}
      onPointerDown={(event) => {
        const box = strip.current?.getBoundingClientRect();
        const pdf = handle.current;
        if (!box || !pdf || event.button !== 0) return;
        event.preventDefault();
        onGo(((event.clientY - box.top) / box.height) * pdf.contentHeight - pdf.viewportHeight / 2);
      }}
    >
      <div ref={window_} className={classes.window} />
      {total > 0
        ? placed.map((mark) => {
            const part = firstPart(mark);
            const { x, y } = part ? topOf(part) : { x: 0, y: 0 };
            const at = part && handle.current?.offsetOf(part.page, y, x);
            return at === undefined ? null : (
              <span
                key={mark.id}
                className={classes.tick}
                style={{ top: `${(at / total) * 100}%`, background: `var(--${mark.meaning}-ink)` }}
              />
            );
          })
        : null}
      {total > 0
        ? circlesIn(handle.current, readers).map(({ readers: here, top }) => (
            <span key={here[0].id} className={classes.reader} style={{ top }} title={here.map(({ name }) => name).join(', ')}>
              {here.length === 1 ? (
                <PersonAvatar id={here[0].id} name={here[0].name} size={circle} decorative />
              ) : (
                <span className={classes.crowd}>{here.length}</span>
              )}
            </span>
          ))
        : null}
    </div>
  );
}

function circlesIn(pdf: PdfHandle | null, readers: readonly RulerReader[]) {
  if (!pdf) return [];
  const { contentHeight, viewportHeight } = pdf;
  const at = readers.flatMap((reader) => {
    const offset = pdf.offsetOf(reader.page, reader.y, reader.x);
    return offset === undefined ? [] : [{ reader, top: (offset / contentHeight) * viewportHeight }];
  });
  return circlesOf(at, viewportHeight);
}
