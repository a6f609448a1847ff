/** Where marks stand in the text: their order, their page, what to call them. */
import type { Annotation, AnnotationPart } from '../../lib/api';
import { isNote } from './note';

export const firstPart = (mark: Annotation): AnnotationPart | undefined => mark.anchor.parts[0];

/** Has no place in this edition, where it should have one: listed apart, never hidden. */
export const isHomeless = (mark: Annotation): boolean => mark.anchor.parts.length === 0 && !isNote(mark);

/** Its place was guessed and nobody has agreed to it. */
export const isGuessed = (mark: Annotation): boolean => mark.anchor.status === 'fuzzy' && !mark.anchor.confirmed;

/** The top of a part on its page in PDF points; y goes upwards. */
export function topOf(part: AnnotationPart): { x: number; y: number } {
  const quad = part.quads[0];
  if (quad) return { x: quad[0] ?? 0, y: Math.max(quad[1] ?? 0, quad[3] ?? 0) };
  if (part.rect) return { x: part.rect[0] ?? 0, y: part.rect[3] ?? 0 };
  const path = part.paths[0] ?? [];
  return { x: path[0] ?? 0, y: path[1] ?? 0 };
}

/** Whether `a` stands before `b`, as far as that can be told from both. */
function isBefore(a: AnnotationPart, b: AnnotationPart): boolean {
  if (a.page !== b.page) return a.page < b.page;
  if (a.start !== null && b.start !== null) return a.start < b.start;
  return topOf(a).y > topOf(b).y;
}

/**
 * The marks in the order of the text. The server's own order is kept (it knows
 * where a figure stands in the text); those it has not seen yet, whose ids are in
 * `fresh`, are put where they belong. Notes on the document come first, as they
 * were written; those without a place come last.
 */
export function inTextOrder(marks: readonly Annotation[], fresh: ReadonlySet<string>): Annotation[] {
  const notes = marks.filter(isNote).sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
  const sorted = marks.filter((mark) => !fresh.has(mark.id) && !isHomeless(mark) && !isNote(mark));
  const homeless = marks.filter((mark) => !fresh.has(mark.id) && isHomeless(mark));
  for (const mark of marks) {
    const part = firstPart(mark);
    if (!fresh.has(mark.id) || isNote(mark)) continue;
    if (!part) {
      homeless.push(mark);
      continue;
    }
    const at = sorted.findIndex((other) => isBefore(part, firstPart(other)!));
    sorted.splice(at < 0 ? sorted.length : at, 0, mark);
  }
  return [...notes, ...sorted, ...homeless];
}
