import { expect, it } from 'vitest';
import { circle, circlesOf } from './circles';

const at = (...tops: number[]) => tops.map((top, i) => ({ reader: i, top }));

it('stand where the readers are, the next one below where two are close', () => {
  expect(circlesOf(at(300, 10, 12), 800)).toEqual([
    { readers: [1], top: 10 },
    { readers: [2], top: 10 + circle + 1 },
    { readers: [0], top: 300 },
  ]);
});

it('stay in the strip', () => {
  expect(circlesOf(at(-5, 900), 800).map(({ top }) => top)).toEqual([0, 800 - circle]);
});

it('are shared by those who are close, where there are many', () => {
  const circles = circlesOf(at(...Array.from({ length: 40 }, () => 100), 500), 800);
  expect(circles.map(({ readers, top }) => [readers.length, top])).toEqual([
    [40, 100],
    [1, 500],
  ]);
});
