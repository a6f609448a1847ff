/**
 * The person's uploads as one tab sees them. The leading tab runs the engine;
 * the others show what it tells them and send it what is asked of them, files
 * included. An order is kept until the leader has confirmed it, so that one
 * given to a tab in the moment of its death is carried out by the next.
 */
import { onSessionTurn, isSignedOut, reportSignedIn } from '../../lib/session';
import { Engine, type Command, type EngineParts } from './engine';
import { emptyQueue, type Queue } from './queue';
import { openStore, type Store } from './store';
import { lead } from '../../lib/tabs';

type Message =
  /** A follower has come and wants to see the list. */
  | { say: 'hello' }
  /** There is a new leader: what was not confirmed has to be said again. */
  | { say: 'leading' }
  | { say: 'state'; queue: Queue }
  | { say: 'order'; order: string; command: Command }
  | { say: 'taken'; order: string }
  /** Somebody signed in again in another tab of this browser. */
  | { say: 'signed-in' };

/** How often followers hear of a moving queue. */
const TELL_MS = 400;

export interface UploadsParts extends Omit<EngineParts, 'store'> {
  personId: string;
  /** By default the person's database in this browser. */
  openStore?: () => Promise<Store>;
}

export class Uploads {
  private engine: Engine | undefined;
  private mirrored: Queue = emptyQueue;
  private readonly watchers = new Set<() => void>();
  private readonly waiting = new Map<string, Command>();
  private readonly channel: BroadcastChannel;
  private readonly closing = new AbortController();
  private readonly stopListening: () => void;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private orders = 0;
  private readonly me = `${Date.now()}-${Math.random()}`;

  constructor(private readonly parts: UploadsParts) {
    const name = `scrollkeeper-uploads/${parts.personId}`;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => this.hear(data);
    this.say({ say: 'hello' });
    this.stopListening = onSessionTurn(() => {
      if (!isSignedOut()) this.say({ say: 'signed-in' });
    });
    lead(`${name}/leader`, this.closing.signal)
      .then(() => this.takeOver())
      .catch(() => undefined);
  }

  /** For useSyncExternalStore. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly state = (): Queue => this.engine?.state() ?? this.mirrored;

  /** Whether the bytes go out from this tab. */
  get leads(): boolean {
    return this.engine !== undefined;
  }

  order(command: Command): void {
    if (this.engine) {
      this.engine.perform(command);
      return;
    }
    const order = `${this.me}/${this.orders++}`;
    this.waiting.set(order, command);
    this.say({ say: 'order', order, command });
  }

  /** Ends the work in this tab; the store keeps the rest, and another tab may go on with it. */
  close(): void {
    this.closing.abort(new DOMException('closed', 'AbortError'));
    this.stopListening();
    clearTimeout(this.telling);
    this.channel.close();
    this.watchers.clear();
  }

  private async takeOver(): Promise<void> {
    const store = await (this.parts.openStore?.() ?? openStore(this.parts.personId));
    if (this.closing.signal.aborted) {
      store.close();
      return;
    }
    const engine = new Engine({ ...this.parts, store });
    engine.watch(() => {
      this.notify();
      this.tell();
    });
    this.closing.signal.addEventListener('abort', () => {
      engine.close();
      // The last rows are still being written.
      void engine.written().then(() => store.close());
    });
    await engine.start();
    if (this.closing.signal.aborted) return;
    // Whoever saw the list before knows that it goes on.
    if (this.mirrored.items.length > 0) engine.perform({ do: 'greet' });
    this.engine = engine;
    for (const command of this.waiting.values()) engine.perform(command);
    this.waiting.clear();
    this.say({ say: 'leading' });
    this.tell();
    this.notify();
  }

  private hear(message: Message): void {
    switch (message.say) {
      case 'hello':
        if (this.engine) this.tell();
        break;
      case 'leading':
        for (const [order, command] of this.waiting) this.say({ say: 'order', order, command });
        break;
      case 'state':
        if (this.engine) break;
        this.mirrored = message.queue;
        this.notify();
        break;
      case 'order':
        if (!this.engine) break;
        this.engine.perform(message.command);
        this.say({ say: 'taken', order: message.order });
        break;
      case 'taken':
        this.waiting.delete(message.order);
        break;
      case 'signed-in':
        reportSignedIn();
        break;
    }
  }

  /** At once, and then at most every TELL_MS; the last state is always told. */
  private tell(): void {
    if (!this.engine || this.telling !== undefined) return;
    const queue = this.engine.state();
    this.say({ say: 'state', queue });
    this.telling = setTimeout(() => {
      this.telling = undefined;
      if (this.engine?.state() !== queue) this.tell();
    }, TELL_MS);
  }

  private say(message: Message): void {
    // An order may come after the channel was closed with the tab's provider.
    if (!this.closing.signal.aborted) this.channel.postMessage(message);
  }

  private notify(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
