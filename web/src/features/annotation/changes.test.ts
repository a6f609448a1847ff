import { describe, expect, it } from 'vitest';
import { emptyQueue, nextOrder, reduce, sendable, standing, type NewChange, type Op, type Queue } from './changes';

let count = 0;
const change = (markId: string, op: Op): NewChange => ({
  id: `change-${++count}`,
  documentId: 'document',
  libraryId: 'library',
  markId,
  at: '2026-01-01T00:00:00Z',
  order: nextOrder(),
  op,
});
const added = (queue: Queue, ...changes: NewChange[]) =>
  changes.reduce((now, one) => reduce(now, { type: 'added', change: one }), queue);
const reply = (replyId: string): Op => ({ do: 'reply', replyId, body: 'text' });
const edit: Op = { do: 'edit', edit: { revision: 1, body: 'mine' } };
const resolve: Op = { do: 'resolve', resolved: true };
const problem = { status: 403, code: 'role_forbids', title: '', detail: '' };

describe('the queue of changes', () => {
  it('sends the changes of one mark in their order, those of others beside them', () => {
    const [a1, a2, b1] = [change('a', reply('1')), change('a', reply('2')), change('b', reply('3'))] as const;
    let queue = added(emptyQueue, a1, a2, b1);
    expect(sendable(queue).map(({ id }) => id)).toEqual([a1.id, b1.id]);
    queue = reduce(queue, { type: 'sending', id: a1.id });
    expect(sendable(queue).map(({ id }) => id)).toEqual([b1.id]);
    queue = reduce(queue, { type: 'saved', id: a1.id });
    expect(sendable(queue).map(({ id }) => id)).toEqual([a2.id, b1.id]);
  });

  it('takes a change once, however often it hears of it', () => {
    const one = change('a', resolve);
    const queue = added(emptyQueue, one, one);
    expect(queue.changes).toHaveLength(1);
    expect(reduce(queue, { type: 'restored', changes: queue.changes }).changes).toHaveLength(1);
  });

  it('sends again what was on its way when the tab died, in the order of its making', () => {
    const [first, second] = [change('a', reply('1')), change('a', reply('2'))] as const;
    const before = reduce(added(emptyQueue, first, second), { type: 'sending', id: first.id });
    const after = reduce(emptyQueue, { type: 'restored', changes: before.changes.toReversed() });
    expect(after.changes.map(({ id, state }) => [id, state])).toEqual([
      [first.id, 'waiting'],
      [second.id, 'waiting'],
    ]);
  });

  it('keeps a stale edit and lets what does not build on it pass', () => {
    const [mine, later, answer] = [change('a', edit), change('a', edit), change('a', reply('1'))] as const;
    const queue = reduce(added(emptyQueue, mine, later, answer), { type: 'stale', id: mine.id, problem, current: null });
    expect(sendable(queue).map(({ id }) => id)).toEqual([answer.id]);
    expect(standing(queue)).toMatchObject({ unsaved: 2, stuck: 1 });
  });

  it('holds everything back that builds on a mark that was refused', () => {
    const make = change('a', {
      do: 'make',
      mark: { id: 'a', edition_id: 'e', kind: 'highlight', meaning: 'key', private: false, parts: [] },
      parts: [],
      exact: '',
    });
    const queue = reduce(added(emptyQueue, make, change('a', resolve)), { type: 'refused', id: make.id, problem });
    expect(sendable(queue)).toEqual([]);
  });

  it('sends a refused one again under another id, or forgets it', () => {
    const one = change('a', edit);
    const refused = reduce(added(emptyQueue, one), { type: 'refused', id: one.id, problem });
    const again = reduce(refused, { type: 'again', id: one.id, newId: 'new', op: edit });
    expect(again.changes[0]).toMatchObject({ id: 'new', state: 'waiting', problem: null });
    expect(reduce(refused, { type: 'discarded', ids: [one.id] }).changes).toEqual([]);
  });

  it('says why nothing gets through, until something does', () => {
    const [one, two] = [change('a', resolve), change('b', resolve)] as const;
    let queue = reduce(added(emptyQueue, one, two), { type: 'delayed', id: one.id, trouble: 'offline' });
    expect(standing(queue)).toMatchObject({ unsaved: 2, trouble: 'offline' });
    queue = reduce(queue, { type: 'saved', id: two.id });
    expect(standing(queue)).toMatchObject({ unsaved: 1, trouble: null });
  });

  it('gives orders that only grow', () => {
    const orders = Array.from({ length: 100 }, () => nextOrder(5));
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
    expect(new Set(orders).size).toBe(100);
  });
});
