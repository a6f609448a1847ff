import { useComputedColorScheme } from '@mantine/core';
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
  const ticks = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const total = handle.current?.contentHeight ?? 0;

  useLayoutEffect(() => {
    const pdf = handle.current;
    const element = window_.current;
    if (!pdf || !element || total === 0) return undefined;
    element.style.height = `${Math.min(1, pdf.viewportHeight / total) * 100}%`;
    const height = pdf.viewportHeight;
    // Asks the page nothing, and moves nothing but itself: this runs in every frame of scrolling.
    const place = (top: number) => (element.style.transform = `translateY(${(top / total) * height}px)`);
    place(pdf.scrollTop);
    return feed.listen(() => place(feed.scrollTop));
  }, [handle, feed, layout, total]);

  useLayoutEffect(() => {
    const pdf = handle.current;
    const element = ticks.current;
    if (!pdf || !element) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(element.clientWidth * ratio);
    element.height = Math.round(element.clientHeight * ratio);
    const context = element.getContext('2d');
    if (!context || total === 0) return;
    const style = getComputedStyle(element);
    for (const mark of placed) {
      const part = firstPart(mark);
      if (!part) continue;
      const { x, y } = topOf(part);
      const at = pdf.offsetOf(part.page, y, x);
      if (at === undefined) continue;
      context.fillStyle = style.getPropertyValue(`--${mark.meaning}-ink`).trim();
      context.fillRect(0, Math.round((at / total) * element.height), element.width, Math.round(2.5 * ratio));
    }
    // `layout` counts up when offsets are other ones, `scheme` stands for the colours.
  }, [placed, handle, layout, total, scheme]);

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
      <canvas ref={ticks} className={classes.ticks} />
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
