import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { between, useSelection } from './useSelection';

const rows = ['a', 'b', 'c', 'd', 'e'];

describe('the rows between two', () => {
  it('are the same both ways', () => {
    expect(between(rows, 'b', 'd')).toEqual(['b', 'c', 'd']);
    expect(between(rows, 'd', 'b')).toEqual(['b', 'c', 'd']);
  });

  it('are the one when the other has gone', () => {
    expect(between(rows, 'gone', 'c')).toEqual(['c']);
    expect(between(rows, 'a', 'gone')).toEqual([]);
  });
});

describe('a selection', () => {
  it('grows from the last one chosen', () => {
    const { result } = renderHook(() => useSelection(rows));
    act(() => result.current.toggle('b'));
    act(() => result.current.extendTo('d'));
    expect([...result.current.ids]).toEqual(['b', 'c', 'd']);
    expect(result.current.current).toBe('d');
    act(() => result.current.clear());
    expect(result.current.ids.size).toBe(0);
  });

  it('loses what has gone from the list', () => {
    const { result, rerender } = renderHook(({ ids }) => useSelection(ids), { initialProps: { ids: rows } });
    act(() => result.current.all());
    rerender({ ids: ['a', 'c'] });
    expect([...result.current.ids]).toEqual(['a', 'c']);
  });
});
