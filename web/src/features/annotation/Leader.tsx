import { useLayoutEffect, useRef } from 'react';
import { quadBounds, type Quad } from '../../anchoring/quads';
import { useDiscussion } from './Discussion';
import { firstPart, topOf } from './order';
import classes from './Rail.module.css';

/** The thin line from the mark that is looked at to its card. */
export function Leader() {
  const { marks, focused, draft, handle, feed, layout } = useDiscussion();
  const line = useRef<HTMLDivElement>(null);
  const mark = marks.find(({ id }) => id === (draft?.mark.id ?? focused));
  const part = mark && firstPart(mark);
  useLayoutEffect(() => {
    const element = line.current;
    if (!element || !part) return undefined;
    const quad = part.quads[0];
    const box = part.rect;
    const { x, y } = topOf(part);
    // Goes on from the line under the mark's first line of text, so that it crosses no
    // word; or from the top of a box.
    const line1 = quad ? quadBounds(quad as unknown as Quad) : undefined;
    const middle = line1 ? (line1[1] + line1[3]) / 2 : y;
    const right = line1
      ? Math.max(...part.quads.map((other) => quadBounds(other as unknown as Quad)).filter((b) => b[1] <= middle && b[3] >= middle).map((b) => b[2]))
      : (box?.[2] ?? x);
    const under = line1 ? line1[1] : y;
    const place = () => {
      const area = element.parentElement?.getBoundingClientRect();
      const end = handle.current?.clientRect(part.page, [right, under, right, under]);
      element.hidden = !area || !end || end.top < area.top || end.top > area.bottom || end.left > area.right;
      if (element.hidden || !area || !end) return;
      const from = Math.max(0, end.left - area.left);
      element.style.width = `${Math.max(0, area.width - from)}px`;
      element.style.transform = `translateY(${Math.round(end.top - area.top)}px)`;
    };
    place();
    return feed.listen(place);
  }, [part, handle, feed, layout]);
  if (!mark || !part) return null;
  return <div ref={line} className={classes.leader} style={{ ['--ink' as string]: `var(--${mark.meaning}-ink)` }} aria-hidden />;
}
