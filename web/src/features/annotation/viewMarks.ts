/** From marks to what the viewer draws. */
import type { Annotation } from '../../lib/api';
import type { Quad, Rect, ViewMark } from '../../pdfview/types';
import { isGuessed } from './order';

export interface Shown {
  readonly active: boolean;
  readonly faded: boolean;
  readonly movable: boolean;
  readonly label: string;
}

const isQuad = (quad: readonly number[]): quad is Quad & number[] => quad.length === 8;

const rectOf = (rect: readonly number[] | null): Rect | undefined => {
  const [x0, y0, x1, y1] = rect ?? [];
  return x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined ? undefined : [x0, y0, x1, y1];
};

/** One for each page that the mark stands on. */
function drawn(mark: Annotation, shown: Shown): ViewMark[] {
  const { kind } = mark;
  if (kind === 'document') return []; // it stands on no page
  return mark.anchor.parts.map((part) => ({
    id: mark.id,
    page: part.page,
    shape: kind,
    quads: part.quads.filter(isQuad),
    rect: rectOf(part.rect),
    paths: part.paths,
    tone: mark.meaning,
    text: kind === 'text' ? mark.body : undefined,
    label: shown.label,
    guessed: isGuessed(mark),
    active: shown.active,
    faded: shown.faded,
    movable: shown.movable,
  }));
}

/**
 * Gives the viewer's marks, the same objects for what did not change: the viewer
 * draws anew what is another object.
 */
export function viewMarkMaker(): (mark: Annotation, shown: Shown) => readonly ViewMark[] {
  const known = new WeakMap<Annotation, { key: string; marks: readonly ViewMark[] }>();
  return (mark, shown) => {
    const key = `${shown.active} ${shown.faded} ${shown.movable} ${shown.label}`;
    const before = known.get(mark);
    if (before?.key === key) return before.marks;
    const marks = drawn(mark, shown);
    known.set(mark, { key, marks });
    return marks;
  };
}
