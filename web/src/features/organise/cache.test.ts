import { expect, it } from 'vitest';
import type { Document } from '../../lib/api';
import { patchRows, stateOn, type DocumentList } from './cache';

const document = (id: string, ...tags: string[]) => ({ id, tag_ids: tags, collection_ids: [] as string[] }) as unknown as Document;
const list = (...items: Document[]): DocumentList => ({ pages: [{ items, next_cursor: null, total: items.length }], pageParams: [undefined] });

it('puts a tag on rows and takes it off others', () => {
  const before = list(document('a'), document('b', 't'), document('c', 't', 'u'));
  const after = patchRows(before, 'tag', 't', { add: ['a', 'b'], remove: ['c'] });
  expect(after.pages[0]?.items.map((row) => row.tag_ids)).toEqual([['t'], ['t'], ['u']]);
  expect(after.pages[0]?.items[1]).toBe(before.pages[0]?.items[1]);
});

it('gives the same list when there was nothing to do', () => {
  const before = list(document('a', 't'));
  expect(patchRows(before, 'tag', 't', { add: ['a', 'elsewhere'] })).toBe(before);
  expect(patchRows(before, 'collection', 't', { remove: ['a'] })).toBe(before);
});

it('tells all from some', () => {
  const some = [document('a', 't', 'u'), document('b', 't')];
  expect(['t', 'u', 'v'].map((id) => stateOn(some, 'tag', id))).toEqual(['all', 'some', 'none']);
});
