import { MessageSquareText } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { MarkBox, ViewMark } from '../../pdfview/types';
import { useDiscussion } from './Discussion';
import classes from './Thumb.module.css';

/** The marks of a page at their places on its small picture. */
export function ThumbMarks({ page }: { page: number }) {
  const { viewMarks, handle, layout } = useDiscussion();
  const own = viewMarks.filter((mark) => mark.page === page);
  const boxes = useBoxes(page, own, handle, layout);
  return (
    <span className={classes.marks} aria-hidden>
      {boxes.map((box, i) => (
        <span
          key={i}
          className={classes.mark}
          style={{
            left: `${box.left}%`,
            top: `${box.top}%`,
            width: `${box.width}%`,
            height: `${box.height}%`,
            background: `var(--${box.tone}-fill)`,
          }}
        />
      ))}
    </span>
  );
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
