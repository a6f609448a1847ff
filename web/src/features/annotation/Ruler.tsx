import { useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../../lib/api';
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

/** Marks of one meaning that fall into one of so many rows are one tick. */
const rows = 500;

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
    const pdf = handle.current;
    const element = window_.current;
    if (!pdf || !element || total === 0) return undefined;
    element.style.height = `${Math.min(1, pdf.viewportHeight / total) * 100}%`;
    // Asks the page nothing: this runs in every frame of scrolling.
    const place = () => (element.style.top = `${(feed.scrollTop / total) * 100}%`);
    element.style.top = `${(pdf.scrollTop / total) * 100}%`;
    return feed.listen(place);
  }, [handle, feed, layout, total]);

  const ticks = useMemo(() => {
    const pdf = handle.current;
    const found = new Map<string, { row: number; meaning: Annotation['meaning'] }>();
    for (const mark of placed) {
      const part = firstPart(mark);
      if (!part || !pdf || total === 0) continue;
      const { x, y } = topOf(part);
      const at = pdf.offsetOf(part.page, y, x);
      if (at === undefined) continue;
      const row = Math.round((at / total) * rows);
      found.set(`${row} ${mark.meaning}`, { row, meaning: mark.meaning });
    }
    return [...found].map(([key, { row, meaning }]) => (
      <span key={key} className={classes.tick} style={{ top: `${(row / rows) * 100}%`, background: `var(--${meaning}-ink)` }} />
    ));
    // `layout` counts up when offsets are other ones.
  }, [placed, handle, layout, total]);

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
      {ticks}
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
