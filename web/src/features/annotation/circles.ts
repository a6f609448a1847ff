/** Where the circles of readers stand in a strip beside the pages. */

/** A reader's circle, in CSS pixels. */
export const circle = 14;

/** So many are shown each by themselves; of more, those who are close share a circle. */
const few = 8;

export interface Circle<R> {
  readonly readers: readonly [R, ...R[]];
  /** From the strip's top, in CSS pixels. */
  readonly top: number;
}

/** Places readers in a strip of this height, none over another. */
export function circlesOf<R>(at: readonly { reader: R; top: number }[], height: number): Circle<R>[] {
  const sorted = at
    .map(({ reader, top }) => ({ reader, top: Math.min(Math.max(0, top), height - circle) }))
    .sort((a, b) => a.top - b.top);
  const circles: { readers: [R, ...R[]]; top: number }[] = [];
  for (const { reader, top } of sorted) {
    const above = circles.at(-1);
    const free = above ? above.top + circle + 1 : 0;
    if (above && sorted.length > few && top < free) above.readers.push(reader);
    else circles.push({ readers: [reader], top: Math.max(top, free) });
  }
  return circles;
}
