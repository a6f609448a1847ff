import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../lib/problem';
import { reportSignedIn } from '../../lib/session';
import { emptyQueue, nextOrder, type Change, type NewChange, type Op } from './changes';
import { markOf } from './mark.testing';
import type { Send } from './sender';
import { MemoryStore, type Store } from './store';
import { Worker } from './worker';

const change = (id: string, op: Op = { do: 'reply', replyId: id, body: id }, markId = 'a'): NewChange => ({
  id,
  documentId: 'document',
  libraryId: 'library',
  markId,
  at: '2026-01-01T00:00:00Z',
  order: nextOrder(),
  op,
});
const failure = (status: number, code: string, extra = {}) =>
  new ApiError({ status, code, title: '', detail: '', ...extra });
const lasting = (): Store => Object.assign(new MemoryStore(), { lasting: true });

const open: Worker[] = [];
let person = 0;

function setup(send: Send, store: Store = lasting(), name = `person ${++person}`) {
  const saved: string[] = [];
  const worker = new Worker({
    personId: name,
    send,
    onSaved: ({ id }) => saved.push(id),
    openStore: async () => store,
    lead: () => Promise.resolve(),
    random: () => 0,
  });
  open.push(worker);
  /** Resolves when the queue is as `test` wants it. */
  const until = (test: (changes: readonly Change[]) => boolean) => {
    const met = () => test(worker.state().changes);
    if (met()) return Promise.resolve();
    return new Promise<void>((resolve) => {
      const stop = worker.watch(() => {
        if (!met()) return;
        stop();
        resolve();
      });
    });
  };
  return { worker, store, saved, until, name };
}

afterEach(() => {
  for (const worker of open.splice(0)) worker.close();
  reportSignedIn();
  vi.useRealTimers();
});

describe('the worker', () => {
  it('keeps a change before it sends it, and forgets it when the server has it', async () => {
    const store = lasting();
    const kept: number[] = [];
    const { worker, saved, until } = setup(async () => {
      kept.push((await store.all()).length);
      return markOf('a');
    }, store);
    worker.add(change('1'));
    expect(worker.state().changes).toHaveLength(1);
    await until((changes) => changes.length === 0);
    expect(kept).toEqual([1]);
    expect(saved).toEqual(['1']);
    await worker.written();
    expect(await store.all()).toEqual([]);
  });

  it('sends one after the other for a mark', async () => {
    const log: string[] = [];
    const { worker, until } = setup(async ({ id }) => {
      log.push(`begin ${id}`);
      await Promise.resolve();
      log.push(`end ${id}`);
      return null;
    });
    for (const id of ['1', '2', '3']) worker.add(change(id));
    await until((changes) => changes.length === 0);
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it('sends with the same id until it gets through', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ids: string[] = [];
    const { worker, until } = setup(async ({ id }) => {
      ids.push(id);
      if (ids.length < 4) throw failure(ids.length === 2 ? 503 : 0, ids.length === 2 ? 'unavailable' : 'offline');
      return null;
    });
    worker.add(change('1'));
    for (let tries = 1; tries < 4; tries++) {
      await until(([one]) => one?.tries === tries);
      expect(worker.state().trouble).not.toBeNull();
      // The worker is back to rest in the next turn of the loop.
      await Promise.resolve();
      worker.wake();
    }
    await until((changes) => changes.length === 0);
    expect(ids).toEqual(['1', '1', '1', '1']);
    expect(worker.state().trouble).toBeNull();
  });

  it('goes on with what a killed tab has left', async () => {
    const store = lasting();
    const never: Send = () => new Promise(() => undefined);
    const first = setup(never, store);
    first.worker.add(change('1'));
    first.worker.add(change('2'));
    await first.worker.written();
    first.worker.close();
    const sent: string[] = [];
    const next = setup(
      async ({ id }) => {
        sent.push(id);
        return null;
      },
      store,
      first.name,
    );
    await vi.waitFor(() => expect(sent).toEqual(['1', '2']));
    await next.until((changes) => changes.length === 0);
  });

  it('stops at a stale edit with what is there now, and sends it when asked', async () => {
    const current = markOf('a', { body: 'theirs', revision: 5 });
    const sent: [string, number][] = [];
    const edit = (revision: number): Op => ({ do: 'edit', edit: { revision, body: 'mine' } });
    const { worker, until, store } = setup(async ({ id, op }) => {
      if (op.do !== 'edit') throw new Error('unexpected');
      sent.push([id, op.edit.revision]);
      if (op.edit.revision !== 5) throw failure(409, 'annotation_changed', { current });
      return null;
    });
    worker.add(change('1', edit(1)));
    await until(([one]) => one?.state === 'stale');
    expect(worker.state().changes[0]?.current).toEqual(current);
    await worker.written();
    expect((await store.all())[0]?.state).toBe('stale');
    worker.order({ type: 'again', id: '1', newId: '2', op: edit(5) });
    await until((changes) => changes.length === 0);
    expect(sent).toEqual([
      ['1', 1],
      ['2', 5],
    ]);
  });

  it('keeps a refused text and says why', async () => {
    const { worker, until } = setup(async () => {
      throw failure(422, 'mention_not_member');
    });
    worker.add(change('1'));
    await until(([one]) => one?.state === 'refused');
    expect(worker.state().changes[0]?.problem?.code).toBe('mention_not_member');
    worker.order({ type: 'discarded', ids: ['1'] });
    expect(worker.state().changes).toEqual([]);
  });

  it('takes the deletion of what is gone for done', async () => {
    const { worker, saved, until } = setup(async () => {
      throw failure(404, 'annotation_not_found');
    });
    worker.add(change('1', { do: 'delete' }));
    await until((changes) => changes.length === 0);
    expect(saved).toEqual(['1']);
  });

  it('waits for a sign-in and goes on after it', async () => {
    let signedIn = false;
    const { worker, until } = setup(async () => {
      if (!signedIn) throw failure(401, 'signed_out');
      return null;
    });
    worker.add(change('1'));
    await vi.waitFor(() => expect(worker.state().trouble).toBe('signed_out'));
    signedIn = true;
    reportSignedIn();
    await until((changes) => changes.length === 0);
  });

  it('says when nothing outlives the tab', async () => {
    const { worker } = setup(async () => null, new MemoryStore());
    await vi.waitFor(() => expect(worker.state().kept).toBe(false));
    expect(emptyQueue.kept).toBe(true);
  });
});
