import { expect, it } from 'vitest';
import { listParams, parseListSearch } from './listSearch';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

it('takes tags and a collection by their ids, and leaves out what is none', () => {
  expect(parseListSearch({ tag: `${id(1)},x,${id(2)},${id(1)}`, collection: id(3).toUpperCase() })).toEqual({
    tag: `${id(1)},${id(2)}`,
    collection: id(3),
  });
  expect(parseListSearch({ tag: 'x', collection: '../..', sort: 'size' })).toEqual({});
});

it('asks for as many tags as the server takes', () => {
  const many = Array.from({ length: 30 }, (_, n) => id(n)).join(',');
  expect(parseListSearch({ tag: many }).tag?.split(',')).toHaveLength(20);
});

it('names the same list by the same key, with and without a filter', () => {
  expect(listParams({})).toEqual({ sort: 'added', order: 'desc', q: '', state: 'all', trashed: false });
  expect(listParams({ tag: id(1) })).toMatchObject({ tag: id(1) });
});
