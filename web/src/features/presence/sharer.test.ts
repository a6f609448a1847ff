import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TextSelection } from '../../pdfview/types';
import { Sharer } from './sharer';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = (page: number) => ({ page, x: 0, y: 700 });
const quad = [0, 1, 2, 1, 0, 0, 2, 0] as const;
const selection: TextSelection = {
  parts: [{ page: 2, start: 0, end: 3, quads: Array.from({ length: 300 }, () => quad) }],
  text: 'secret',
  at: new DOMRect(),
  done: false,
};

function sharer() {
  const sent: Record<string, unknown>[] = [];
  const one = new Sharer('e');
  const send = vi.fn(async (data: object) => void sent.push({ ...data }));
  return { one, sent, send };
}

it('says nothing until it is listened to, then the place', () => {
  const { one, sent, send } = sharer();
  one.move(at(1));
  one.start(send);
  expect(sent).toEqual([{ edition_id: 'e', page: 1, x: 0, y: 700, selection: null }]);
  one.move({ page: 1, x: 0.01, y: 700 });
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(1);
});

it('says what is selected by its place alone, and when it is not any more', () => {
  const { one, sent, send } = sharer();
  one.start(send);
  one.move(at(2));
  one.select(selection);
  vi.advanceTimersByTime(150);
  expect(sent).toHaveLength(2);
  expect((sent[1]?.['selection'] as { quads: unknown[] }).quads).toHaveLength(200);
  expect(JSON.stringify(sent)).not.toContain('secret');
  one.select(null);
  one.select(null);
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(3);
  expect(sent[2]?.['selection']).toBeNull();
});

it('is gone when others may not know, and back when they may', () => {
  const { one, sent, send } = sharer();
  one.start(send);
  one.move(at(1));
  one.show(false);
  one.move(at(3));
  vi.advanceTimersByTime(1000);
  expect(sent.slice(1)).toEqual([{ gone: true }]);
  one.show(true);
  expect(sent[2]).toMatchObject({ page: 3 });
});

it('tries again after a refusal, and not on a socket that is gone', async () => {
  const { one, send } = sharer();
  const refuse = vi.fn(() => Promise.reject(new Error('409')));
  one.move(at(1));
  one.start(refuse);
  await vi.advanceTimersByTimeAsync(5200);
  expect(refuse).toHaveBeenCalledTimes(2);
  one.pause();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(refuse).toHaveBeenCalledTimes(2);
  one.start(send);
  expect(send).toHaveBeenCalledOnce();
});
