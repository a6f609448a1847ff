import { useComputedColorScheme } from '@mantine/core';
import { MessageSquareText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { MarkBox, ViewMark } from '../../pdfview/types';
import { useDiscussion } from './Discussion';
import classes from './Thumb.module.css';

/** A line of a small picture is seen from this height on, in CSS pixels. */
const least = 2;

/**
 * The marks of a page at their places on its small picture: one drawing a page, for
 * hundreds of elements that blend would cost every frame of scrolling.
 */
export function ThumbMarks({ page }: { page: number }) {
  const { viewMarks, handle, layout } = useDiscussion();
  const own = viewMarks.filter((mark) => mark.page === page);
  const boxes = useBoxes(page, own, handle, layout);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  useEffect(() => {
    if (canvas.current) paint(canvas.current, boxes, scheme === 'dark' ? 'screen' : 'multiply');
  }, [boxes, scheme]);
  return boxes.length === 0 ? null : <canvas ref={canvas} className={classes.marks} aria-hidden />;
}

function paint(canvas: HTMLCanvasElement, boxes: readonly MarkBox[], blend: GlobalCompositeOperation) {
  const style = getComputedStyle(canvas);
  canvas.width = Math.round(canvas.clientWidth * window.devicePixelRatio);
  canvas.height = Math.round(canvas.clientHeight * window.devicePixelRatio);
  const context = canvas.getContext('2d');
  if (!context) return;
  // Two colours make a third where they meet, as on the page.
  context.globalCompositeOperation = blend;
  for (const { left, top, width, height, tone } of boxes) {
    context.fillStyle = style.getPropertyValue(`--${tone}-fill`).trim();
    const [x, y] = [(left / 100) * canvas.width, (top / 100) * canvas.height];
    context.fillRect(x, y, (width / 100) * canvas.width, Math.max((height / 100) * canvas.height, least * window.devicePixelRatio));
  }
}

function useBoxes(page: number, marks: readonly ViewMark[], handle: ReturnType<typeof useDiscussion>['handle'], layout: number) {
  const [boxes, setBoxes] = useState<readonly MarkBox[]>([]);
  // What is looked at changes the objects, not their places.
  const places = marks.map(({ id, quads, rect, tone }) => `${id} ${tone} ${String(quads)} ${String(rect)}`).join('|');
  useEffect(() => {
    let wanted = true;
    void handle.current?.markBoxes(page, marks).then(
      (found) => {
        if (wanted) setBoxes(found);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [page, places, handle, layout]);
  return boxes;
}

/** How many marks a page has. */
export function ThumbCount({ count }: { count: number }) {
  return count === 0 ? null : (
    <span className={classes.count}>
      <MessageSquareText size={13} strokeWidth={1.75} aria-hidden />
      {count}
    </span>
  );
}
