import { expect, it } from 'vitest';
import { above, flatten, treeOf } from './tree';

const collection = (id: string, parent_id: string | null) => ({ id, parent_id, name: id.toUpperCase(), documents: 0 });
const list = [collection('b', null), collection('c', 'a'), collection('a', null), collection('d', 'c'), collection('e', 'a')];

it('grows in the order of the list', () => {
  expect(flatten(treeOf(list)).map(({ path, level }) => `${level} ${path}`)).toEqual(['0 B', '0 A', '1 A / C', '2 A / C / D', '1 A / E']);
});

it('leaves out what is in something that is not there', () => {
  expect(treeOf([collection('x', 'gone')])).toEqual([]);
});

it('knows what a collection is in', () => {
  expect(above(list, 'd')).toEqual(['c', 'a']);
  expect(above(list, 'a')).toEqual([]);
  expect(above(list, 'gone')).toEqual([]);
});
