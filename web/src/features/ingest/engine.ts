/**
 * Works the queue: takes waiting files four at a time through looking, hashing,
 * asking and sending, keeps every step in the store, and decides what follows a
 * failure. It runs in one tab per person; see tabs.ts.
 */
import type { Upload } from '../../lib/api';
import { unreadable } from './inspect';
import { still } from './meter';
import { emptyQueue, isSettled, isWorking, mayCollect, reduce, type Item, type ItemProblem, type NewItem, type Queue, type QueueEvent } from './queue';
import type { Send, Sent } from './sender';
import { UploadFailure, type Match, type Server } from './server';
import type { Row, Store } from './store';
import { backoff, judge, type Verdict } from './verdict';

/** What the tray may ask for; plain data, so that any tab can ask. */
export type Command =
  | { do: 'add'; items: NewItem[]; files: File[] }
  | { do: 'pause'; ids: string[] }
  | { do: 'continue'; ids: string[] }
  | { do: 'remove'; ids: string[] }
  /** Folders become collections, or are left alone as far as they are not yet. */
  | { do: 'collect'; ids: string[]; on: boolean }
  /** Takes the duplicate's document out of the trash. */
  | { do: 'restore'; id: string }
  /** What the server says of my uploads, some of them refused after they were stored. */
  | { do: 'learn'; uploads: Upload[] }
  /** "Resumed 14 uploads" was said. */
  | { do: 'greet' };

export interface EngineParts {
  store: Store;
  server: Server;
  send: Send;
  /** Lower-case hex SHA-256, or null where it cannot be had. */
  digest: (file: Blob) => Promise<string | null>;
  now?: () => number;
  random?: () => number;
}

/** How many files are worked on at once. */
const PARALLEL = 4;
/** How many documents go into collections with one request, and the pause before it is tried again. */
const COLLECTED = 100;
const COLLECT_AGAIN_MS = 5000;
/** How often the bars move. */
const TICK_MS = 250;
/** How often an upload that the server lost is begun again before giving up. */
const RESTARTS = 3;

const pickAgain: ItemProblem = { code: 'pick_again', action: 'remove' };

/** Why work on a file was ended from outside. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

export class Engine {
  private queue: Queue = emptyQueue;
  private readonly watchers = new Set<() => void>();
  private readonly files = new Map<string, Blob>();
  private readonly running = new Map<string, AbortController>();
  private readonly sent = new Map<string, number>();
  private readonly saved = new Map<string, string>();
  /** Ends the waits of all that found nobody at the other end. */
  private readonly sleepers = new Set<() => void>();
  private writes: Promise<unknown> = Promise.resolve();
  private ticker: ReturnType<typeof setInterval> | undefined;
  private collecting = false;
  private signIn: Promise<void> | undefined;
  private readonly closing = new AbortController();
  private readonly now: () => number;
  private readonly random: () => number;

  constructor(private readonly parts: EngineParts) {
    this.now = parts.now ?? (() => performance.now());
    this.random = parts.random ?? Math.random;
  }

  /** For useSyncExternalStore. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly state = (): Queue => this.queue;

  /** Takes up what was left by an earlier tab and begins to work. */
  async start(): Promise<void> {
    try {
      const [rows, kept] = await Promise.all([this.parts.store.rows(), this.parts.store.keptIds()]);
      if (this.closing.signal.aborted) return;
      const unfinished = rows.some((row) => !isSettled(row as Item) || row.collect === 'asked' || row.problem?.action === 'retry');
      if (unfinished) {
        const items = rows.map((row) => itemOf(row, kept.has(row.id)));
        for (const row of rows) this.saved.set(row.id, JSON.stringify(row));
        this.apply({ type: 'restored', items });
      } else if (rows.length > 0) {
        // All was through: a list of what was done last week is of no use.
        this.write(() => this.parts.store.remove(rows.map((row) => row.id)));
      }
    } catch {
      // A store that cannot be read keeps nobody from uploading.
    }
    globalThis.addEventListener?.('online', this.wake);
    this.pump();
  }

  /** Stops everything; the store keeps it for the next one. */
  close(): void {
    this.closing.abort(new Stopped('closed'));
    for (const control of this.running.values()) control.abort(new Stopped('closed'));
    clearInterval(this.ticker);
    globalThis.removeEventListener?.('online', this.wake);
  }

  perform(command: Command): void {
    switch (command.do) {
      case 'add':
        this.add(command.items, command.files);
        break;
      case 'pause':
        this.apply({ type: 'paused', ids: command.ids });
        this.stop(command.ids, 'paused');
        break;
      case 'continue':
        this.apply({ type: 'continued', ids: command.ids });
        break;
      case 'remove':
        this.remove(command.ids);
        break;
      case 'collect':
        this.apply({ type: 'collecting', ids: command.ids, on: command.on });
        break;
      case 'restore':
        void this.restore(command.id);
        break;
      case 'learn':
        for (const upload of command.uploads) this.learn(upload);
        break;
      case 'greet':
        this.apply({ type: 'greeted' });
        break;
    }
    this.pump();
  }

  /** Resolves when all that was to be written has been; for tests and for closing. */
  written(): Promise<unknown> {
    return this.writes;
  }

  private add(items: NewItem[], files: File[]): void {
    items.forEach((item, i) => {
      const file = files[i];
      if (file && !item.problem) this.files.set(item.id, file);
    });
    this.apply({ type: 'added', items });
    for (const item of items) {
      const file = this.files.get(item.id);
      if (file) this.keep(item.id, file);
    }
  }

  /** Files are kept one after the other, in their order, while the first are being sent already. */
  private keep(id: string, file: Blob): void {
    this.write(async () => {
      const item = this.item(id);
      if (!item || item.state === 'done' || item.state === 'duplicate') return;
      try {
        await this.parts.store.keep(id, file);
      } catch {
        // No room, or no storage at all: it is sent from memory, and the tray says so.
        this.apply({ type: 'kept', id, kept: 'no' });
        return;
      }
      if (this.item(id)) {
        this.apply({ type: 'kept', id, kept: 'yes' });
        // It may have been through before its turn to be kept came.
        this.letGo(id);
      } else {
        await this.parts.store.remove([id]);
      }
    });
  }

  private remove(ids: readonly string[]): void {
    for (const id of ids) {
      const item = this.item(id);
      if (item?.url && !isSettled(item)) this.parts.server.discard(item.url);
    }
    this.apply({ type: 'removed', ids });
    this.stop(ids, 'removed');
    for (const id of ids) this.files.delete(id);
    this.write(() => this.parts.store.remove(ids));
  }

  private async restore(id: string): Promise<void> {
    const item = this.item(id);
    if (!item?.documentId) return;
    try {
      await this.parts.server.restore(item.documentId);
      this.apply({ type: 'done', id, documentId: item.documentId });
    } catch (error) {
      const failure = error instanceof UploadFailure ? error.failure : null;
      if (failure?.status === 401) {
        await this.untilSignedIn();
        return;
      }
      // Still a duplicate, and still with its button; the sentence says what stood in the way.
      const code = failure?.status === 403 ? 'restore_forbidden' : 'restore_failed';
      this.apply({ type: 'duplicate', id, documentId: item.documentId, problem: { code, action: 'restore' } });
    }
  }

  /** The server's checking comes after the last byte: a twin or a wrong sum shows only then. */
  private learn(upload: Upload): void {
    const item = this.queue.items.find((other) => other.url !== null && uploadId(other.url) === upload.id);
    if (item?.state !== 'done') return;
    if (upload.state === 'duplicate') {
      this.apply({ type: 'duplicate', id: item.id, documentId: upload.document_id, problem: { code: 'duplicate', action: 'open' } });
    } else if (upload.state === 'refused') {
      this.apply({ type: 'failed', id: item.id, problem: { code: upload.problem_code ?? 'failed', action: 'remove' } });
    } else if (upload.document_id && upload.document_id !== item.documentId) {
      // It was not known yet, or the file went to the record of its work.
      this.apply({ type: 'done', id: item.id, documentId: upload.document_id });
    }
  }

  private stop(ids: readonly string[], why: 'paused' | 'removed'): void {
    for (const id of ids) this.running.get(id)?.abort(new Stopped(why));
  }

  private pump(): void {
    if (this.closing.signal.aborted || this.queue.signedOut) return;
    for (const item of this.queue.items) {
      if (this.running.size >= PARALLEL) break;
      if (item.state === 'waiting' && !this.running.has(item.id)) void this.work(item.id);
    }
    this.tickWhileBusy();
    void this.collect();
  }

  /** Documents whose folders are to be collections go into them, as they become known. */
  private async collect(): Promise<void> {
    if (this.collecting) return;
    this.collecting = true;
    try {
      for (;;) {
        const ready = this.queue.items.filter(mayCollect);
        const libraryId = ready[0]?.libraryId;
        if (libraryId === undefined || this.closing.signal.aborted || this.queue.signedOut) return;
        const batch = ready.filter((item) => item.libraryId === libraryId).slice(0, COLLECTED);
        await this.gather(libraryId, batch);
      }
    } finally {
      this.collecting = false;
    }
  }

  private async gather(libraryId: string, batch: readonly Item[]): Promise<void> {
    const ids = batch.map(({ id }) => id);
    try {
      const items = batch.flatMap(({ documentId, path }) => (documentId === null ? [] : [{ documentId, path }]));
      await this.parts.server.gather(libraryId, items);
      this.apply({ type: 'collected', ids });
    } catch (error) {
      const status = error instanceof UploadFailure ? error.failure.status : 0;
      if (status === 401) await this.untilSignedIn();
      else if (status >= 400 && status < 500 && status !== 429) {
        // One of them is gone by now: the others go one by one.
        const [one, ...more] = batch;
        if (one && more.length > 0) for (const item of batch) await this.gather(libraryId, [item]);
        else this.apply({ type: 'collecting', ids, on: false });
      } else {
        await this.sleep(COLLECT_AGAIN_MS, true, this.closing.signal).catch(() => undefined);
      }
    }
  }

  /** One file from its first look to its end, over all its attempts. */
  private async work(id: string): Promise<void> {
    const control = new AbortController();
    this.running.set(id, control);
    const { signal } = control;
    let tries = 0;
    let restarts = 0;
    let reached = this.item(id)?.sent ?? 0;
    try {
      for (;;) {
        let verdict: Verdict;
        try {
          await this.attempt(id, signal);
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof UploadFailure)) {
            this.apply({ type: 'failed', id, problem: unreadable });
            return;
          }
          const sent = this.sent.get(id) ?? 0;
          if (sent > reached) tries = 0;
          reached = Math.max(reached, sent);
          verdict = judge(error.failure, tries, this.random);
          // To XMLHttpRequest a file that can't be read any more looks like a network that is down.
          if (error.failure.status === 0 && !(await this.readable(id))) {
            this.apply({ type: 'failed', id, problem: unreadable });
            return;
          }
          signal.throwIfAborted();
        }
        switch (verdict.kind) {
          case 'retry':
            tries++;
            this.apply({ type: 'troubled', id, trouble: verdict.trouble });
            await this.sleep(verdict.afterMs, verdict.trouble === 'offline', signal);
            break;
          case 'sign-in':
            this.apply({ type: 'troubled', id, trouble: 'signed_out' });
            await this.untilSignedIn(signal);
            break;
          case 'restart':
            if (++restarts > RESTARTS) {
              this.apply({ type: 'failed', id, problem: { code: 'upload_gone', action: 'retry' } });
              return;
            }
            this.apply({ type: 'restarted', id });
            this.sent.delete(id);
            await this.sleep(backoff(restarts - 1, this.random), false, signal);
            break;
          case 'duplicate':
            this.found(id, verdict.documentId === null ? null : { documentId: verdict.documentId, trashed: verdict.trashed });
            return;
          case 'stop':
            this.apply({ type: 'failed', id, problem: verdict.problem });
            return;
        }
      }
    } catch (reason) {
      // Paused, removed or closed: the state says so already. Anything else is ours to mend.
      if (!signal.aborted) {
        console.error('an upload stopped unexpectedly', reason);
        this.apply({ type: 'failed', id, problem: { code: 'failed', action: 'retry' } });
      }
    } finally {
      this.running.delete(id);
      this.sent.delete(id);
      this.letGo(id);
      this.pump();
    }
  }

  private async attempt(id: string, signal: AbortSignal): Promise<void> {
    const file = await this.bytes(id);
    signal.throwIfAborted();
    if (!file) {
      this.apply({ type: 'failed', id, problem: pickAgain });
      return;
    }

    let item = this.need(id);
    // What has been begun goes on; the question was asked before.
    if (item.url === null) {
      if (item.sha256 === null) {
        this.apply({ type: 'hashing', id });
        const sha256 = await this.parts.digest(file);
        signal.throwIfAborted();
        if (sha256) this.apply({ type: 'hashed', id, sha256 });
      }
      item = this.need(id);
      if (item.sha256 !== null) {
        const twin = this.twinOf(item);
        if (twin) {
          const problem = { code: 'same_in_list', action: 'remove' } as const;
          this.apply({ type: 'duplicate', id, documentId: null, twinId: twin.id, problem });
          return;
        }
        const match = await this.parts.server.find(item.libraryId, item.sha256);
        signal.throwIfAborted();
        if (match) {
          this.found(id, match);
          return;
        }
      }
    }

    const { chunkBytes } = await this.parts.server.limits();
    signal.throwIfAborted();
    this.apply({ type: 'uploading', id, at: this.now() });
    this.tickWhileBusy();
    let from: number | undefined;
    const answer = await this.parts.send({
      file,
      libraryId: item.libraryId,
      forDocumentId: item.forDocumentId,
      name: item.name,
      path: item.path,
      sha256: item.sha256,
      url: item.url,
      chunkBytes,
      signal,
      onCreate: () => this.apply({ type: 'creating', id }),
      onLocated: (url) => this.apply({ type: 'located', id, url }),
      onProgress: (sent) => {
        from ??= sent;
        this.sent.set(id, sent);
        if (sent === from) return;
        // Bytes of this attempt on the move are the proof that the trouble is over, for the others too.
        this.apply({ type: 'troubled', id, trouble: null });
        this.wake();
      },
    });
    await this.stored(id, answer);
  }

  private async stored(id: string, answer: Sent): Promise<void> {
    this.apply({ type: 'done', id, documentId: answer.documentId });
    const item = this.item(id);
    if (answer.documentId || !item) return;
    // Only a later look showed that all had arrived, and that says nothing of the document.
    const uploads = await this.parts.server.uploads(item.libraryId).catch(() => []);
    for (const upload of uploads) this.learn(upload);
  }

  /** The library has these bytes: from before, or from an attempt of ours whose answer was lost. */
  private found(id: string, match: Match | null): void {
    const item = this.need(id);
    if (item.begun && match && !match.trashed) {
      this.apply({ type: 'done', id, documentId: match.documentId });
      return;
    }
    this.apply({
      type: 'duplicate',
      id,
      documentId: match?.documentId ?? null,
      problem: match?.trashed
        ? { code: 'in_trash', action: 'restore' }
        : { code: 'duplicate', action: match ? 'open' : 'remove' },
    });
  }

  private twinOf(item: Item): Item | undefined {
    return this.queue.items.find(
      (other) =>
        other.id !== item.id &&
        other.sha256 === item.sha256 &&
        other.libraryId === item.libraryId &&
        // Of those that are through, the server tells: the document may be in the trash by now.
        !isSettled(other) &&
        // Of two at the same step the first in the list is the one that is sent.
        this.queue.items.indexOf(other) < this.queue.items.indexOf(item),
    );
  }

  /** All wait for the same sign-in; what was being sent goes on from where it was. */
  private untilSignedIn(signal?: AbortSignal): Promise<void> {
    this.apply({ type: 'signed-out' });
    this.signIn ??= this.parts.server
      .signedIn(this.closing.signal)
      .then(() => {
        this.apply({ type: 'signed-in' });
        this.pump();
      })
      .catch(() => undefined)
      .finally(() => {
        this.signIn = undefined;
      });
    return signal ? Promise.race([this.signIn, aborted(signal)]) : this.signIn;
  }

  private readonly wake = (): void => {
    for (const up of [...this.sleepers]) up();
  };

  /** Waits; `light` sleep ends as soon as anybody reaches the server again. */
  private sleep(ms: number, light: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.sleepers.delete(end);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        clearTimeout(timer);
        this.sleepers.delete(end);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', stop, { once: true });
      if (light) this.sleepers.add(end);
    });
  }

  private async bytes(id: string): Promise<Blob | null> {
    return this.files.get(id) ?? (await this.parts.store.file(id).catch(() => null));
  }

  private async readable(id: string): Promise<boolean> {
    try {
      await (await this.bytes(id))?.slice(0, 1).arrayBuffer();
      return true;
    } catch {
      // The copy of this browser may still be whole, whatever became of the original.
      this.files.delete(id);
      return (await this.parts.store.file(id).catch(() => null)) !== null;
    }
  }

  /** The bytes of what is through are nobody's any more. */
  private letGo(id: string): void {
    const item = this.item(id);
    if (!item || !isSettled(item) || item.problem?.action === 'retry') return;
    this.files.delete(id);
    if (item.kept !== 'yes') return;
    this.apply({ type: 'kept', id, kept: 'no' });
    this.write(() => this.parts.store.dropFile(id));
  }

  private tickWhileBusy(): void {
    const busy = this.queue.items.some(isWorking);
    if (busy && this.ticker === undefined) {
      this.ticker = setInterval(() => this.tick(), TICK_MS);
    } else if (!busy && this.ticker !== undefined) {
      clearInterval(this.ticker);
      this.ticker = undefined;
    }
  }

  private tick(): void {
    this.apply({ type: 'progress', sent: new Map(this.sent), at: this.now() });
    this.tickWhileBusy();
  }

  private item(id: string): Item | undefined {
    return this.queue.items.find((item) => item.id === id);
  }

  private need(id: string): Item {
    const item = this.item(id);
    if (!item) throw new Error(`upload ${id} is not in the queue`);
    return item;
  }

  private apply(event: QueueEvent): void {
    const before = this.queue;
    this.queue = reduce(before, event);
    if (this.queue === before) return;
    // Where bytes are does not need to be known exactly: the server is asked on resuming.
    if (event.type !== 'progress') this.save(before);
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Writes the rows that differ from those of `before`. */
  private save(before: Queue): void {
    const unchanged = new Set(before.items);
    for (const item of this.queue.items) {
      if (unchanged.has(item)) continue;
      const row = rowOf(item);
      const text = JSON.stringify(row);
      if (this.saved.get(item.id) === text) continue;
      this.saved.set(item.id, text);
      // Not in the line of the files: a row must not wait behind a gigabyte.
      void this.parts.store.put(row).catch(() => undefined);
    }
    if (this.saved.size <= this.queue.items.length) return;
    const present = new Set(this.queue.items.map((item) => item.id));
    const gone = [...this.saved.keys()].filter((id) => !present.has(id));
    for (const id of gone) this.saved.delete(id);
    this.write(() => this.parts.store.remove(gone));
  }

  private write(job: () => Promise<unknown>): void {
    // Nothing hangs on a write but what a next tab finds.
    this.writes = this.writes.then(job).catch(() => undefined);
  }
}

function itemOf(row: Row, kept: boolean): Item {
  const item: Item = { ...row, meter: still, trouble: null, kept: kept ? 'yes' : 'no' };
  // There was no room for its bytes, and they went with the tab.
  const lost = !kept && (!isSettled(item) || item.problem?.action === 'retry');
  return lost ? { ...item, state: 'error', problem: pickAgain } : item;
}

function rowOf(item: Item): Row {
  const { meter: _meter, trouble: _trouble, kept: _kept, ...row } = item;
  return row;
}

/** `/api/uploads/<id>`; a store may have added its own part after a plus. */
function uploadId(url: string): string {
  return decodeURIComponent(url.split('/').filter(Boolean).at(-1) ?? '').split('+')[0] ?? '';
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
