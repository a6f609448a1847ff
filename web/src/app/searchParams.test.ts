import { describe, expect, it } from 'vitest';
import { parseListSearch } from '../features/document/listSearch';
import { parseHit, parseWhole } from './searchParams';

describe('what stands in an address', () => {
  it.each([
    ['120-131', { start: 120, end: 131 }],
    ['5-5', undefined],
    ['9-2', undefined],
    ['-1-4', undefined],
    ['a-b', undefined],
    [undefined, undefined],
  ])('hit=%s', (text, hit) => expect(parseHit(text)).toEqual(hit));

  it.each([
    ['4', 4],
    ['0', undefined],
    ['1.5', undefined],
    ['1e99', undefined],
    ['x', undefined],
  ])('page=%s', (text, page) => expect(parseWhole(text)).toBe(page));

  it('leaves out of a list what it does not know, and what is the default', () => {
    expect(parseListSearch({ sort: 'size', order: 'up', q: '  ', state: 'ready', x: '1' })).toEqual({});
    expect(parseListSearch({ sort: 'year', order: 'asc', q: ' tidal ', state: 'failed' })).toEqual({
      sort: 'year', order: 'asc', q: 'tidal', state: 'failed',
    });
  });
});
