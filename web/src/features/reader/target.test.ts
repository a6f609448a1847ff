import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Hit } from './hit';
import { useTarget } from './target';

interface Address {
  page: number | undefined;
  hit: Hit | undefined;
}

describe('useTarget', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const setup = (at: Address) => {
    const told: number[] = [];
    const hook = renderHook(({ page, hit }: Address) => useTarget(page, hit, (now) => told.push(now), 100), {
      initialProps: at,
    });
    return { told, hook, target: () => hook.result.current.target };
  };

  it('tells a page once the reader has stayed on it', () => {
    const { told, hook } = setup({ page: 1, hit: undefined });
    act(() => {
      hook.result.current.tell(2);
      hook.result.current.tell(3);
      vi.advanceTimersByTime(100);
    });
    expect(told).toEqual([3]);
  });

  it('does not take what it told for a wish', () => {
    const hit = { start: 4, end: 9 };
    const { hook, target } = setup({ page: 1, hit });
    const first = target();
    act(() => {
      hook.result.current.tell(3);
      vi.advanceTimersByTime(100);
    });
    hook.rerender({ page: 3, hit });
    expect(target()).toBe(first);
    // The address may also have dropped the hit with the page.
    hook.rerender({ page: 3, hit: undefined });
    expect(target()).not.toBe(first);
  });

  it('follows a wish for another page or another hit', () => {
    const { hook, target } = setup({ page: 1, hit: undefined });
    hook.rerender({ page: 5, hit: undefined });
    expect(target()).toEqual({ page: 5, hit: undefined });
    hook.rerender({ page: 5, hit: { start: 1, end: 2 } });
    expect(target()).toEqual({ page: 5, hit: { start: 1, end: 2 } });
  });

  it('is not moved by the same hit in a new object', () => {
    const { hook, target } = setup({ page: 2, hit: { start: 1, end: 2 } });
    const first = target();
    hook.rerender({ page: 2, hit: { start: 1, end: 2 } });
    expect(target()).toBe(first);
  });
});
