/** The marks of a page over its thumbnail: small boxes at their true places. */
import { useEffect, useState } from 'react';
import type { MarkBox, PdfHandle, ViewMark } from './types';

interface Props {
  readonly pdf: PdfHandle | null;
  /** From 1. */
  readonly page: number;
  /** Those of other pages are left out. */
  readonly marks: readonly ViewMark[];
  /** Changes when the pages are turned: the places are then others. */
  readonly layout?: number;
}

/** Fills its parent, which must be positioned and of the shape of the page as shown. */
export function ThumbnailMarks({ pdf, page, marks, layout }: Props) {
  const [boxes, setBoxes] = useState<readonly MarkBox[]>([]);
  useEffect(() => {
    let current = true;
    if (!marks.some((mark) => mark.page === page)) setBoxes([]);
    else void pdf?.markBoxes(page, marks).then((found) => current && setBoxes(found));
    return () => {
      current = false;
    };
  }, [pdf, page, marks, layout]);
  if (boxes.length === 0) return null;
  return (
    <span className="pdfThumbMarks" aria-hidden="true">
      {boxes.map(({ id, tone, left, top, width, height }, i) => (
        <span
          key={`${id} ${i}`}
          style={{
            left: `${left}%`,
            top: `${top}%`,
            width: `${width}%`,
            height: `${height}%`,
            background: `var(--${tone.replace(/[^\w-]/g, '')}-fill)`,
          }}
        />
      ))}
    </span>
  );
}
