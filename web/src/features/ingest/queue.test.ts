import { describe, expect, it } from 'vitest';
import { emptyQueue, reduce, type Item, type NewItem, type Queue, type QueueEvent } from './queue';

const file = (id: string, more: Partial<NewItem> = {}): NewItem => ({
  id,
  libraryId: 'lib',
  name: `${id}.pdf`,
  path: '',
  size: 1000,
  ...more,
});

const after = (...events: QueueEvent[]): Queue => events.reduce(reduce, emptyQueue);
const only = (queue: Queue): Item => {
  const item = queue.items[0];
  if (!item || queue.items.length !== 1) throw new Error('expected one item');
  return item;
};
const states = (queue: Queue) => Object.fromEntries(queue.items.map((item) => [item.id, item.state]));
const added = (...items: NewItem[]): QueueEvent => ({ type: 'added', items });
const uploading = (id: string, at = 0): QueueEvent => ({ type: 'uploading', id, at });
const progress = (sent: Record<string, number>, at: number): QueueEvent => ({
  type: 'progress',
  sent: new Map(Object.entries(sent)),
  at,
});

describe('an upload', () => {
  it('goes from waiting to done', () => {
    const queue = after(
      added(file('a')),
      { type: 'hashing', id: 'a' },
      { type: 'hashed', id: 'a', sha256: 'ff' },
      uploading('a'),
      { type: 'located', id: 'a', url: '/api/uploads/1' },
      progress({ a: 400 }, 100),
      { type: 'done', id: 'a', documentId: 'doc' },
    );
    expect(only(queue)).toMatchObject({ state: 'done', sent: 1000, sha256: 'ff', url: '/api/uploads/1', documentId: 'doc' });
  });

  it('is being checked once its last byte is out', () => {
    expect(only(after(added(file('a')), uploading('a'), progress({ a: 1000 }, 100))).state).toBe('checking');
  });

  it('falls back to uploading when the server has less than was sent', () => {
    const queue = after(added(file('a')), uploading('a'), progress({ a: 1000 }, 100), progress({ a: 800 }, 200));
    expect(only(queue)).toMatchObject({ state: 'uploading', sent: 800 });
  });

  it('that was paused is not woken by news that was on its way', () => {
    const queue = after(
      added(file('a')),
      uploading('a'),
      progress({ a: 300 }, 100),
      { type: 'paused', ids: ['a'] },
      progress({ a: 500 }, 200),
      uploading('a'),
    );
    expect(only(queue)).toMatchObject({ state: 'paused', sent: 300 });
  });

  it('goes on from a pause, and from a problem that may be tried again', () => {
    const problem = { code: 'storage_full', action: 'retry' } as const;
    const queue = after(
      added(file('a'), file('b'), file('c')),
      { type: 'paused', ids: ['a'] },
      { type: 'failed', id: 'b', problem },
      { type: 'failed', id: 'c', problem: { code: 'not_a_pdf', action: 'remove' } },
      { type: 'continued', ids: ['a', 'b', 'c'] },
    );
    expect(states(queue)).toEqual({ a: 'waiting', b: 'waiting', c: 'error' });
  });

  it('that is done or refused cannot be paused', () => {
    const queue = after(
      added(file('a'), file('b', { problem: { code: 'empty_file', action: 'remove' } })),
      { type: 'done', id: 'a', documentId: null },
      { type: 'paused', ids: ['a', 'b'] },
    );
    expect(states(queue)).toEqual({ a: 'done', b: 'error' });
  });

  it('found to be here already after it was stored becomes a duplicate', () => {
    const queue = after(
      added(file('a')),
      { type: 'done', id: 'a', documentId: 'mine' },
      { type: 'duplicate', id: 'a', documentId: 'first', problem: { code: 'duplicate', action: 'open' } },
    );
    expect(only(queue)).toMatchObject({ state: 'duplicate', documentId: 'first' });
  });

  it('lost by the server begins again from the first byte', () => {
    const queue = after(added(file('a')), uploading('a'), { type: 'located', id: 'a', url: '/x' }, progress({ a: 300 }, 1), {
      type: 'restarted',
      id: 'a',
    });
    expect(only(queue)).toMatchObject({ url: null, sent: 0 });
  });

  it('opens the same document as its twin once that is done', () => {
    const queue = after(
      added(file('a'), file('b')),
      { type: 'duplicate', id: 'b', documentId: null, twinId: 'a', problem: { code: 'same_in_list', action: 'remove' } },
      { type: 'done', id: 'a', documentId: 'doc' },
    );
    expect(queue.items[1]).toMatchObject({ documentId: 'doc', problem: { code: 'duplicate', action: 'open' } });
  });
});

describe('the queue', () => {
  it('takes each file once', () => {
    expect(after(added(file('a')), added(file('a'), file('b'))).items).toHaveLength(2);
  });

  it('begins a new lot when the last one is through, and keeps what needs a person', () => {
    const queue = after(
      added(file('a'), file('b')),
      { type: 'done', id: 'a', documentId: null },
      { type: 'failed', id: 'b', problem: { code: 'too_large', action: 'remove' } },
      added(file('c')),
    );
    expect(states(queue)).toEqual({ b: 'error', c: 'waiting' });
  });

  it('counts on while the last lot is still going', () => {
    const queue = after(added(file('a'), file('b')), { type: 'done', id: 'a', documentId: null }, added(file('c')));
    expect(states(queue)).toEqual({ a: 'done', b: 'waiting', c: 'waiting' });
  });

  it('wakes what a dead tab was sending, and leaves what was paused', () => {
    const items = after(added(file('a'), file('b'), file('c')), uploading('a'), progress({ a: 500 }, 1), {
      type: 'paused',
      ids: ['b'],
    }).items;
    const queue = after({ type: 'restored', items: [...items] });
    expect(states(queue)).toEqual({ a: 'waiting', b: 'paused', c: 'waiting' });
    expect(queue.items[0]?.sent).toBe(500);
    expect(queue.resumed).toBe(2);
    expect(reduce(queue, { type: 'greeted' }).resumed).toBe(0);
  });

  it('forgets what is removed', () => {
    expect(after(added(file('a'), file('b')), { type: 'removed', ids: ['a'] }).items.map((i) => i.id)).toEqual(['b']);
  });
});

describe('the speed', () => {
  it('does not count where a resumed upload already stood', () => {
    const queue = after(
      added(file('a', { size: 1e9 })),
      { type: 'located', id: 'a', url: '/x' },
      uploading('a'),
      progress({ a: 5e8 }, 1000),
    );
    expect(only(queue)).toMatchObject({ sent: 5e8, meter: { rate: 0 } });
    expect(queue.meter.rate).toBe(0);
    expect(only(reduce(queue, progress({ a: 5e8 + 1e6 }, 2000))).meter.rate).toBe(1e6);
  });

  it('counts files that were through between two looks', () => {
    const queue = after(added(file('a', { size: 4e6 }), file('b')), uploading('a'), uploading('b'), {
      type: 'done',
      id: 'a',
      documentId: null,
    });
    expect(reduce(queue, progress({}, 1000)).meter.rate).toBe(4e6);
  });

  it('does not take a pause for slowness', () => {
    const moving = after(added(file('a', { size: 1e9 }), file('b', { size: 1e9 })), uploading('a'), progress({ a: 1e6 }, 1000));
    const paused = reduce(moving, { type: 'paused', ids: ['a'] });
    const again = [uploading('b', 61_000), progress({ b: 1e6 }, 62_000)].reduce(reduce, paused);
    expect(again.meter.rate).toBeCloseTo(1e6, -1);
  });
});
