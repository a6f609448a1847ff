/**
 * Works the queue of one person's changes. Every tab takes changes and keeps them
 * in the store before anything else; one tab, the leader, sends them, and tells
 * the others how it stands. When that tab dies the next takes up what is stored.
 */
import type { Annotation } from '../../lib/api';
import { isSignedOut, onSessionTurn, reportSignedIn, reportSignedOut, whenSignedIn } from '../../lib/session';
import { lead } from '../../lib/tabs';
import { emptyQueue, isStuck, reduce, sendable, type Change, type NewChange, type Queue, type QueueEvent } from './changes';
import type { Send } from './sender';
import { MemoryStore, openStore, type Store } from './store';
import { backoff, judge } from './verdict';

type Message =
  | { say: 'hello' }
  | { say: 'added'; change: NewChange }
  | { say: 'order'; event: QueueEvent }
  | { say: 'state'; queue: Queue }
  | { say: 'saved'; change: Change; item: Annotation | null }
  | { say: 'signed-in' };

export interface WorkerParts {
  personId: string;
  send: Send;
  /** A change is on the server; `item` is the mark as it is there now, where it was told. Called in every tab. */
  onSaved: (change: Change, item: Annotation | null) => void;
  openStore?: () => Promise<Store>;
  lead?: (name: string, signal: AbortSignal) => Promise<void>;
  random?: () => number;
}

const parallel = 4;

export class Worker {
  private queue: Queue = emptyQueue;
  private leads = false;
  /** Made here, and not seen yet in what the leader told. */
  private readonly unseen = new Map<string, NewChange>();
  private readonly running = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private readonly channel: BroadcastChannel;
  private readonly closing = new AbortController();
  private readonly store: Promise<Store>;
  private writes: Promise<unknown> = Promise.resolve();
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopSession: () => void;

  constructor(private readonly parts: WorkerParts) {
    const name = `scrollkeeper-changes/${parts.personId}`;
    const { signal } = this.closing;
    this.store = (parts.openStore ?? (() => openStore(parts.personId)))().catch(() => new MemoryStore());
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => this.hear(data);
    this.say({ say: 'hello' });
    this.stopSession = onSessionTurn(() => {
      if (!isSignedOut()) this.say({ say: 'signed-in' });
    });
    globalThis.addEventListener?.('online', this.wake, { signal });
    globalThis.addEventListener?.('focus', this.wake, { signal });
    void this.store.then((store) => {
      if (!store.lasting) this.apply({ type: 'unkept' });
    });
    (parts.lead ?? lead)(`${name}/leader`, signal)
      .then(() => this.takeOver())
      .catch(() => undefined);
  }

  /** For useSyncExternalStore. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly state = (): Queue => this.queue;

  /** Takes a change: shown at once, kept, and sent as soon as it can be. */
  add(change: NewChange): void {
    if (!this.leads) this.unseen.set(change.id, change);
    this.apply({ type: 'added', change });
    const taken = this.queue.changes.find(({ id }) => id === change.id);
    if (taken) this.write((store) => store.put(taken));
    this.say({ say: 'added', change });
    this.pump();
  }

  /** A person's word on a change that is stuck. */
  order(event: Extract<QueueEvent, { type: 'again' | 'discarded' }>): void {
    if (this.leads) {
      this.apply(event);
      this.pump();
    } else {
      this.say({ say: 'order', event });
    }
  }

  /** The server may be reachable again: tries at once. */
  readonly wake = (): void => {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pump();
  };

  /** Resolves when all that was to be kept has been; for tests. */
  written(): Promise<unknown> {
    return this.writes;
  }

  close(): void {
    this.closing.abort(new DOMException('closed', 'AbortError'));
    this.stopSession();
    clearTimeout(this.timer);
    this.channel.close();
    this.watchers.clear();
    void this.writes.then(async () => (await this.store).close());
  }

  private async takeOver(): Promise<void> {
    const store = await this.store;
    const rows = await store.all().catch(() => []);
    if (this.closing.signal.aborted) return;
    this.leads = true;
    const own = [...this.unseen.values()];
    this.unseen.clear();
    // What the last leader told may be older than what is stored.
    this.queue = { ...emptyQueue, kept: store.lasting };
    this.apply({ type: 'restored', changes: rows });
    // These may not have been written yet. One that went through already does no harm.
    for (const change of own) this.apply({ type: 'added', change });
    this.tell();
    this.pump();
  }

  private pump(): void {
    if (!this.leads || this.closing.signal.aborted || this.timer !== undefined || isSignedOut()) return;
    for (const change of sendable(this.queue)) {
      if (this.running.size >= parallel) return;
      if (!this.running.has(change.markId)) void this.work(change);
    }
  }

  private async work(change: Change): Promise<void> {
    const { id, markId, op } = change;
    this.running.add(markId);
    this.apply({ type: 'sending', id });
    try {
      // Kept before it is sent: nothing that was taken depends on this tab alone.
      await this.writes;
      const item = await this.parts.send(change);
      if (this.closing.signal.aborted) return;
      this.failures = 0;
      this.saved(change, item);
    } catch (error) {
      if (this.closing.signal.aborted) return;
      const verdict = judge(error, op);
      switch (verdict.kind) {
        case 'done':
          this.saved(change, null);
          break;
        case 'stale':
          this.apply({ type: 'stale', id, problem: verdict.problem, current: verdict.current });
          break;
        case 'refused':
          this.apply({ type: 'refused', id, problem: verdict.problem });
          break;
        case 'retry':
          this.apply({ type: 'delayed', id, trouble: verdict.trouble });
          this.timer ??= setTimeout(this.wake, backoff(this.failures++, this.parts.random));
          break;
        case 'sign-in':
          this.apply({ type: 'delayed', id, trouble: 'signed_out' });
          reportSignedOut();
          void whenSignedIn(this.closing.signal).then(
            () => {
              this.apply({ type: 'clear' });
              this.pump();
            },
            () => undefined,
          );
          break;
      }
    } finally {
      this.running.delete(markId);
      this.pump();
    }
  }

  private saved(change: Change, item: Annotation | null): void {
    // First the cache, then the queue: in between the mark must not look as before.
    this.parts.onSaved(change, item);
    this.say({ say: 'saved', change, item });
    this.apply({ type: 'saved', id: change.id });
  }

  private hear(message: Message): void {
    switch (message.say) {
      case 'hello':
        this.tell();
        break;
      case 'added':
        if (!this.leads) break;
        this.apply({ type: 'added', change: message.change });
        this.pump();
        break;
      case 'order':
        if (this.leads) this.order(message.event as Extract<QueueEvent, { type: 'again' | 'discarded' }>);
        break;
      case 'state': {
        if (this.leads) break;
        for (const { id } of message.queue.changes) this.unseen.delete(id);
        let queue = message.queue;
        for (const change of this.unseen.values()) queue = reduce(queue, { type: 'added', change });
        this.queue = queue;
        this.notify();
        break;
      }
      case 'saved':
        this.parts.onSaved(message.change, message.item);
        this.unseen.delete(message.change.id);
        break;
      case 'signed-in':
        reportSignedIn();
        break;
    }
  }

  private apply(event: QueueEvent): void {
    const before = this.queue;
    this.queue = reduce(before, event);
    if (this.queue === before) return;
    if (this.leads) {
      this.keep(before);
      this.tell();
    }
    this.notify();
  }

  /** Writes what a next leader has to know: what is stuck, and what is gone. */
  private keep(before: Queue): void {
    const now = new Map(this.queue.changes.map((change) => [change.id, change]));
    const known = new Map(before.changes.map((change) => [change.id, change]));
    const gone = before.changes.filter(({ id }) => !now.has(id)).map(({ id }) => id);
    const fresh = this.queue.changes.filter((change) => {
      const old = known.get(change.id);
      return !old || (old !== change && (isStuck(old) || isStuck(change)));
    });
    if (gone.length === 0 && fresh.length === 0) return;
    this.write(async (store) => {
      for (const change of fresh) await store.put(change);
      if (gone.length > 0) await store.remove(gone);
    });
  }

  private write(job: (store: Store) => Promise<unknown>): void {
    this.writes = this.writes
      .then(async () => job(await this.store))
      .catch(() => {
        // It goes on from memory, and the footer says that the tab must stay open.
        this.queue = reduce(this.queue, { type: 'unkept' });
        this.notify();
      });
  }

  private tell(): void {
    if (this.leads) this.say({ say: 'state', queue: this.queue });
  }

  private say(message: Message): void {
    if (!this.closing.signal.aborted) this.channel.postMessage(message);
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
