/**
 * Where the cards of the rail stand: each beside its line where it can, none over
 * another, in the order of their lines. Pure; all lengths in CSS pixels.
 */

/** Between two cards. */
export const gap = 8;

export interface CardBox {
  readonly id: string;
  /** Where it would stand if it were alone. The cards are given in this order. */
  readonly at: number;
  readonly height: number;
}

/**
 * The tops of the cards. The one at index `fixed` stands at `fixedAt` exactly; its
 * neighbours make room, upwards those before it (beyond 0 if they must) and
 * downwards those after it. Without one the first has the first say.
 */
export function arrange(cards: readonly CardBox[], fixed = -1, fixedAt = cards[fixed]?.at ?? 0): number[] {
  const tops: number[] = new Array<number>(cards.length);
  let free = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < cards.length; i++) {
    const card = cards[i]!;
    tops[i] = i === fixed ? fixedAt : Math.max(card.at, free);
    free = tops[i]! + card.height + gap;
  }
  for (let i = fixed - 1; i >= 0; i--) {
    const room = tops[i + 1]! - gap - cards[i]!.height;
    // Above this one all stand as if nothing were fixed.
    if (tops[i]! <= room) break;
    tops[i] = room;
  }
  return tops;
}

/** The indices of the cards that show between `from` and `to`: half open, in order. */
export function between(
  cards: readonly CardBox[],
  tops: readonly number[],
  from: number,
  to: number,
): readonly [number, number] {
  let low = 0;
  let high = cards.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tops[middle]! + cards[middle]!.height < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < cards.length && tops[end]! <= to) end++;
  return [low, end];
}
