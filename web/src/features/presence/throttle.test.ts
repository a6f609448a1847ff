import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Throttle } from './throttle';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('sends the first at once, then the last of each span', () => {
  const sent: number[] = [];
  const throttle = new Throttle<number>(150, (value) => sent.push(value));
  throttle.tell(1);
  expect(sent).toEqual([1]);
  throttle.tell(2);
  throttle.tell(3);
  vi.advanceTimersByTime(149);
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([1, 3]);
  throttle.tell(4);
  vi.advanceTimersByTime(150);
  expect(sent).toEqual([1, 3, 4]);
  vi.advanceTimersByTime(150);
  throttle.tell(5);
  expect(sent).toEqual([1, 3, 4, 5]);
});

it('forgets what waits when it is stopped', () => {
  const sent: number[] = [];
  const throttle = new Throttle<number>(150, (value) => sent.push(value));
  throttle.tell(1);
  throttle.tell(2);
  throttle.stop();
  vi.advanceTimersByTime(500);
  expect(sent).toEqual([1]);
  throttle.tell(3);
  expect(sent).toEqual([1, 3]);
});
