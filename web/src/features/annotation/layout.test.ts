import { describe, expect, it } from 'vitest';
import { random } from '../../anchoring/random.testing';
import { arrange, between, gap, type CardBox } from './layout';

/** Some cards in the order of their lines, many of them on the same one. */
function cards(seed: number, count: number): CardBox[] {
  const next = random(seed);
  const lines = Array.from({ length: count }, () => next(count * 40));
  return lines
    .map((line, i) => (next(5) === 0 ? (lines[i - 1] ?? line) : line))
    .sort((a, b) => a - b)
    .map((at, i) => ({ id: String(i), at, height: 40 + next(300) }));
}

describe('the cards of the rail', () => {
  it('never overlap, keep their order, and the fixed one stands exactly', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const list = cards(seed, 1 + (seed % 60));
      const fixed = seed % 7 === 0 ? -1 : seed % list.length;
      const tops = arrange(list, fixed);
      if (fixed >= 0) expect(tops[fixed]).toBe(list[fixed]!.at);
      for (let i = 1; i < list.length; i++) {
        expect(tops[i]! - (tops[i - 1]! + list[i - 1]!.height), `seed ${seed}, card ${i}`).toBeGreaterThanOrEqual(gap);
      }
    }
  });

  it('stand on their line where there is room', () => {
    const list = [0, 500, 1000, 1500].map((at, i) => ({ id: String(i), at, height: 100 }));
    expect(arrange(list)).toEqual([0, 500, 1000, 1500]);
    expect(arrange(list, 2)).toEqual([0, 500, 1000, 1500]);
  });

  it('make room upwards before the fixed one and downwards after it', () => {
    const list = [100, 110, 120].map((at, i) => ({ id: String(i), at, height: 50 }));
    expect(arrange(list)).toEqual([100, 158, 216]);
    expect(arrange(list, 1)).toEqual([52, 110, 168]);
    expect(arrange(list, 2)).toEqual([4, 62, 120]);
  });

  it('that are far from the fixed one stand as if nothing were fixed', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const list = cards(seed, 40).map((card, i) => (i < 20 ? card : { ...card, at: card.at + 100_000 }));
      const free = arrange(list);
      expect(arrange(list, 30).slice(0, 20)).toEqual(free.slice(0, 20));
    }
  });

  it('may be fixed elsewhere than at their line', () => {
    const list = [100, 110].map((at, i) => ({ id: String(i), at, height: 50 }));
    expect(arrange(list, 0, 300)).toEqual([300, 358]);
  });

  it('are found by what shows of them', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const list = cards(seed, 50);
      const tops = arrange(list, seed % 50);
      const from = seed * 13;
      const to = from + 700;
      const [a, b] = between(list, tops, from, to);
      const shown = list.map((_, i) => i).filter((i) => tops[i]! + list[i]!.height >= from && tops[i]! <= to);
      expect(Array.from({ length: b - a }, (_, i) => a + i)).toEqual(shown);
    }
  });

  it('are placed in a moment, thousands of them', () => {
    const list = cards(5, 20_000);
    expect(arrange(list, 10_000)).toHaveLength(20_000);
  });

  it('may be none', () => {
    expect(arrange([])).toEqual([]);
    expect(between([], [], 0, 100)).toEqual([0, 0]);
  });
});
