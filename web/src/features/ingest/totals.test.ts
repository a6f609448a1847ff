import { describe, expect, it } from 'vitest';
import { emptyQueue, reduce, type NewItem, type QueueEvent } from './queue';
import { totals, trayRows } from './totals';

const file = (id: string, size = 100): NewItem => ({ id, libraryId: 'lib', name: id, path: '', size });

const lot = (...events: QueueEvent[]) => events.reduce(reduce, emptyQueue);

const sample = lot(
  { type: 'added', items: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => file(id)) },
  { type: 'uploading', id: 'a', at: 0 },
  { type: 'progress', sent: new Map([['a', 40]]), at: 1000 },
  { type: 'done', id: 'b', documentId: null },
  { type: 'paused', ids: ['c'] },
  { type: 'duplicate', id: 'd', documentId: null, problem: { code: 'duplicate', action: 'open' } },
  { type: 'failed', id: 'e', problem: { code: 'not_a_pdf', action: 'remove' } },
);

describe('the totals', () => {
  it('count every file, and only the bytes that are to be stored', () => {
    expect(totals(sample)).toMatchObject({ count: 6, done: 1, waiting: 1, paused: 1, attention: 2, bytes: 400, sent: 140 });
  });

  it('give no time while the speed is unknown', () => {
    expect(totals(sample).left).toBeNull();
  });

  it('give the time from what is left and the speed', () => {
    const queue = lot(
      { type: 'added', items: [file('a', 10e6)] },
      { type: 'uploading', id: 'a', at: 0 },
      { type: 'progress', sent: new Map([['a', 2e6]]), at: 1000 },
    );
    expect(totals(queue)).toMatchObject({ rate: 2e6, left: 4, share: 0.2 });
  });

  it('settle when nothing is left but what needs a person', () => {
    const queue = lot(
      { type: 'added', items: [file('a'), file('b')] },
      { type: 'done', id: 'a', documentId: null },
      { type: 'failed', id: 'b', problem: { code: 'not_a_pdf', action: 'remove' } },
    );
    expect(totals(queue)).toMatchObject({ settled: true, busy: false, share: 1, atRisk: 0 });
  });

  it('tell what would have to be picked again', () => {
    const queue = lot(
      { type: 'added', items: [file('a'), file('b'), file('c')] },
      { type: 'kept', id: 'a', kept: 'yes' },
      { type: 'kept', id: 'b', kept: 'no' },
    );
    expect(totals(queue)).toMatchObject({ unkept: 1, atRisk: 2 });
  });
});

describe('the rows of the tray', () => {
  it('are what moves, then what needs a person; the rest is counted', () => {
    const rows = trayRows(sample.items, { moving: 4, attention: 3 });
    expect(rows.moving.map((item) => item.id)).toEqual(['a', 'c']);
    expect(rows.attention.map((item) => item.id)).toEqual(['d', 'e']);
    expect(rows.rest).toEqual({ done: 1, waiting: 1, paused: 0, attention: 0 });
  });

  it('give the room that nothing moves in to what needs a person', () => {
    const left = sample.items.filter((item) => item.state === 'duplicate' || item.state === 'error');
    expect(trayRows(left, { moving: 1, attention: 1 }).attention).toHaveLength(2);
  });

  it('count what found no room', () => {
    const rows = trayRows(sample.items, { moving: 1, attention: 1 });
    expect(rows.attention).toHaveLength(1);
    expect(rows.rest).toEqual({ done: 1, waiting: 1, paused: 1, attention: 1 });
  });
});
