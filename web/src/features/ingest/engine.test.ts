import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Upload } from '../../lib/api';
import { Engine } from './engine';
import type { NewItem } from './queue';
import type { Send, Sending, Sent } from './sender';
import { UploadFailure, type Match, type Server } from './server';
import { MemoryStore, type Store } from './store';
import type { Failure } from './verdict';

const fail = (status: number, more: Partial<Failure> = {}) =>
  new UploadFailure({ status, code: '', detail: '', documentId: null, trashed: false, retryAfterMs: null, resuming: false, ...more });

interface Attempt extends Sending {
  finish: (sent?: Partial<Sent>) => void;
  fail: (error: Error) => void;
}

/** An engine whose sends wait for the test to end them. */
function setup(options: { store?: Store; digest?: (file: Blob) => Promise<string | null>; match?: Match } = {}) {
  const attempts: Attempt[] = [];
  const send: Send = (sending) =>
    new Promise((resolve, reject) => {
      sending.signal.addEventListener('abort', () => reject(sending.signal.reason as Error));
      attempts.push({ ...sending, finish: (sent) => resolve({ documentId: `doc of ${sending.name}`, ...sent }), fail: reject });
    });
  let signIn: () => void = () => undefined;
  const server = {
    limits: vi.fn(async () => ({ maxBytes: 1e9, chunkBytes: 1000 })),
    find: vi.fn(async () => options.match ?? null),
    uploads: vi.fn(async (): Promise<Upload[]> => []),
    restore: vi.fn(async () => undefined),
    gather: vi.fn(async () => undefined),
    discard: vi.fn(),
    signedIn: vi.fn(() => new Promise<void>((resolve) => (signIn = resolve))),
  } satisfies Server;
  const store = options.store ?? new MemoryStore(1e9);
  const digest = options.digest ?? (async (file: Blob) => `sum of ${await file.text()}`);
  const engine = new Engine({ store, server, send, digest, now: () => Date.now(), random: () => 0 });
  const state = (id: string) => engine.state().items.find((item) => item.id === id);
  return { engine, attempts, server, store, state, signIn: () => signIn() };
}

const ids = (n: number) => Array.from({ length: n }, (_, i) => `f${i}`);

function add(engine: Engine, names: string[], more: Partial<NewItem> = {}) {
  const files = names.map((name) => new File([`%PDF-${name}`], `${name}.pdf`));
  const items = files.map((file, i) => ({
    id: names[i] ?? '',
    libraryId: 'lib',
    name: file.name,
    path: '',
    size: file.size,
    ...more,
  }));
  engine.perform({ do: 'add', items, files });
}

const row = (url: string): Upload => ({
  id: url.split('/').at(-1) ?? '',
  filename: '',
  path: '',
  size: 1,
  state: 'finished',
  document_id: null,
  problem_code: null,
  created_at: '',
  expires_at: '',
});

/** Lets everything happen that needs no timer. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the engine', () => {
  it('sends four at a time, and the next when one is through', async () => {
    const { engine, attempts, state } = setup();
    add(engine, ids(6));
    await settle();
    expect(attempts).toHaveLength(4);
    attempts[0]?.finish();
    await settle();
    expect(attempts).toHaveLength(5);
    expect(state('f0')).toMatchObject({ state: 'done', documentId: 'doc of f0.pdf' });
    expect(state('f5')?.state).toBe('waiting');
  });

  it('sends the name, the folder and the sum', async () => {
    const { engine, attempts } = setup();
    add(engine, ['a'], { path: 'papers/2026', name: 'naïve 論文.pdf' });
    await settle();
    expect(attempts[0]).toMatchObject({ name: 'naïve 論文.pdf', path: 'papers/2026', sha256: 'sum of %PDF-a', chunkBytes: 1000 });
  });

  it('sends nothing that the library has', async () => {
    const { engine, attempts, state } = setup({ match: { documentId: 'old', trashed: false } });
    add(engine, ['a']);
    await settle();
    expect(attempts).toHaveLength(0);
    expect(state('a')).toMatchObject({ state: 'duplicate', documentId: 'old', problem: { code: 'duplicate', action: 'open' } });
  });

  it('offers to restore what is in the trash', async () => {
    const { engine, server, state } = setup({ match: { documentId: 'old', trashed: true } });
    add(engine, ['a']);
    await settle();
    expect(state('a')).toMatchObject({ problem: { code: 'in_trash', action: 'restore' } });
    engine.perform({ do: 'restore', id: 'a' });
    await settle();
    expect(server.restore).toHaveBeenCalledWith('old');
    expect(state('a')).toMatchObject({ state: 'done', documentId: 'old' });
  });

  it('sends two equal files once', async () => {
    const { engine, attempts, state } = setup({ digest: async () => 'same' });
    add(engine, ['a', 'b']);
    await settle();
    expect(attempts.map((attempt) => attempt.name)).toEqual(['a.pdf']);
    expect(state('b')).toMatchObject({ state: 'duplicate', problem: { code: 'same_in_list' } });
    attempts[0]?.finish();
    await settle();
    expect(state('b')).toMatchObject({ documentId: 'doc of a.pdf', problem: { action: 'open' } });
  });

  it('goes on from where it was after a cut', async () => {
    const { engine, attempts, state } = setup();
    add(engine, ['a']);
    await settle();
    attempts[0]?.onCreate();
    attempts[0]?.onLocated('/api/uploads/1');
    attempts[0]?.fail(fail(0));
    await settle();
    expect(state('a')).toMatchObject({ state: 'uploading', trouble: 'offline' });
    await vi.advanceTimersByTimeAsync(500);
    expect(attempts[1]).toMatchObject({ url: '/api/uploads/1' });
    // What the server has is no news; bytes on the move are.
    attempts[1]?.onProgress(3);
    expect(state('a')?.trouble).toBe('offline');
    attempts[1]?.onProgress(4);
    expect(state('a')?.trouble).toBeNull();
  });

  it('wakes all that wait for the network as soon as one gets through', async () => {
    const { engine, attempts } = setup();
    add(engine, ['a']);
    await settle();
    for (let failures = 0; failures < 5; failures++) {
      attempts.at(-1)?.fail(fail(0));
      if (failures < 4) await vi.advanceTimersByTimeAsync(8000);
    }
    add(engine, ['b']);
    await settle();
    expect(attempts.at(-1)?.name).toBe('b.pdf');
    attempts.at(-1)?.onProgress(0);
    attempts.at(-1)?.onProgress(1);
    await settle();
    expect(attempts.at(-1)?.name).toBe('a.pdf');
  });

  it('waits as long as the server asks', async () => {
    const { engine, attempts } = setup();
    add(engine, ['a']);
    await settle();
    attempts[0]?.fail(fail(503, { retryAfterMs: 20_000 }));
    await vi.advanceTimersByTimeAsync(19_000);
    expect(attempts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(attempts).toHaveLength(2);
  });

  it('holds everything until somebody has signed in again', async () => {
    const { engine, attempts, server, signIn, state } = setup();
    add(engine, ids(6));
    await settle();
    attempts[0]?.onLocated('/api/uploads/0');
    for (const attempt of [...attempts]) attempt.fail(fail(401));
    await settle();
    expect(engine.state().signedOut).toBe(true);
    expect(server.signedIn).toHaveBeenCalledOnce();
    expect(attempts).toHaveLength(4);
    signIn();
    await settle();
    expect(engine.state().signedOut).toBe(false);
    expect(attempts).toHaveLength(8);
    expect(attempts[4]).toMatchObject({ name: 'f0.pdf', url: '/api/uploads/0' });
    expect(state('f0')?.state).toBe('uploading');
  });

  it('begins again when the server has lost the upload', async () => {
    const { engine, attempts } = setup();
    add(engine, ['a']);
    await settle();
    attempts[0]?.onLocated('/api/uploads/1');
    attempts[0]?.fail(fail(404, { resuming: true }));
    await vi.advanceTimersByTimeAsync(500);
    expect(attempts[1]).toMatchObject({ url: null });
  });

  it('takes a copy found after a lost answer for its own', async () => {
    const { engine, attempts, server, state } = setup();
    add(engine, ['a']);
    await settle();
    attempts[0]?.onCreate();
    attempts[0]?.fail(fail(0));
    server.find.mockResolvedValue({ documentId: 'mine', trashed: false });
    await vi.advanceTimersByTimeAsync(500);
    expect(state('a')).toMatchObject({ state: 'done', documentId: 'mine' });
    expect(attempts).toHaveLength(1);
  });

  it('asks which document it became when the last answer was lost', async () => {
    const { engine, attempts, server, state } = setup();
    server.uploads.mockResolvedValue([{ ...row('/api/uploads/1'), document_id: 'mine' }]);
    add(engine, ['a']);
    await settle();
    attempts[0]?.onLocated('/api/uploads/1');
    attempts[0]?.finish({ documentId: null });
    await settle();
    expect(state('a')).toMatchObject({ state: 'done', documentId: 'mine' });
  });

  it('learns later that the library had the file, or that it did not arrive whole', async () => {
    const { engine, attempts, state } = setup({ digest: async () => null });
    add(engine, ['a', 'b']);
    await settle();
    attempts.forEach((attempt, i) => {
      attempt.onLocated(`/api/uploads/${i}`);
      attempt.finish();
    });
    await settle();
    engine.perform({
      do: 'learn',
      uploads: [
        { ...row('/0'), state: 'duplicate', document_id: 'first' },
        { ...row('/1'), state: 'refused', problem_code: 'checksum_mismatch' },
      ],
    });
    expect(state('a')).toMatchObject({ state: 'duplicate', documentId: 'first' });
    expect(state('b')).toMatchObject({ state: 'error', problem: { code: 'checksum_mismatch' } });
  });

  it('stops at once on pause, keeps its place, and goes on', async () => {
    const { engine, attempts, state } = setup();
    add(engine, ['a']);
    await settle();
    attempts[0]?.onLocated('/api/uploads/1');
    engine.perform({ do: 'pause', ids: ['a'] });
    expect(attempts[0]?.signal.aborted).toBe(true);
    await settle();
    expect(state('a')?.state).toBe('paused');
    engine.perform({ do: 'continue', ids: ['a'] });
    await settle();
    expect(attempts[1]).toMatchObject({ url: '/api/uploads/1' });
  });

  it('pause and continue in one breath do not send twice at the same time', async () => {
    const { engine, attempts } = setup();
    add(engine, ['a']);
    await settle();
    engine.perform({ do: 'pause', ids: ['a'] });
    engine.perform({ do: 'continue', ids: ['a'] });
    await settle();
    expect(attempts).toHaveLength(2);
    expect(attempts.filter((attempt) => !attempt.signal.aborted)).toHaveLength(1);
  });

  it('tells the server to forget what is removed', async () => {
    const { engine, attempts, server, store } = setup();
    add(engine, ['a']);
    await settle();
    attempts[0]?.onLocated('/api/uploads/1');
    engine.perform({ do: 'remove', ids: ['a'] });
    await settle();
    await engine.written();
    expect(server.discard).toHaveBeenCalledWith('/api/uploads/1');
    expect(engine.state().items).toEqual([]);
    expect(await store.rows()).toEqual([]);
    expect(await store.keptIds()).toEqual(new Set());
  });

  it('says that a file went away, and tries no further', async () => {
    const { engine, state } = setup({ digest: () => Promise.reject(new DOMException('gone', 'NotReadableError')) });
    add(engine, ['a']);
    await settle();
    expect(state('a')).toMatchObject({ state: 'error', problem: { code: 'unreadable' } });
  });
});

describe('a killed tab', () => {
  it('is taken up where it was, nothing picked again', async () => {
    const store = new MemoryStore(1e9);
    const first = setup({ store });
    add(first.engine, ids(3));
    await settle();
    first.attempts[0]?.finish();
    first.attempts[1]?.onLocated('/api/uploads/1');
    await settle();
    await first.engine.written();
    first.engine.close();

    const second = setup({ store });
    await second.engine.start();
    await settle();
    expect(second.engine.state().resumed).toBe(2);
    expect(second.state('f0')?.state).toBe('done');
    expect(second.attempts.map(({ name, url }) => [name, url])).toEqual([
      ['f1.pdf', '/api/uploads/1'],
      ['f2.pdf', null],
    ]);
    expect(await second.attempts[0]?.file.text()).toBe('%PDF-f1');
  });

  it('leaves no bytes behind of what is through', async () => {
    const { engine, attempts, store } = setup();
    add(engine, ids(2));
    await settle();
    attempts[0]?.finish();
    await settle();
    await engine.written();
    expect(await store.keptIds()).toEqual(new Set(['f1']));
  });

  it('leaves no list behind when all was through', async () => {
    const store = new MemoryStore(1e9);
    const first = setup({ store });
    add(first.engine, ['a']);
    await settle();
    first.attempts[0]?.finish();
    await settle();
    first.engine.close();
    const second = setup({ store });
    await second.engine.start();
    await second.engine.written();
    expect(second.engine.state().items).toEqual([]);
    expect(await store.rows()).toEqual([]);
  });

  it('asks to pick again what the browser had no room for', async () => {
    const store = new MemoryStore(0);
    const first = setup({ store });
    add(first.engine, ['a']);
    await settle();
    expect(first.state('a')).toMatchObject({ state: 'uploading', kept: 'no' });
    first.engine.close();
    const second = setup({ store });
    await second.engine.start();
    await settle();
    expect(second.state('a')).toMatchObject({ state: 'error', problem: { code: 'pick_again' } });
    expect(second.engine.state().resumed).toBe(0);
  });
});
