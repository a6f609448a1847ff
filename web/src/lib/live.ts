/**
 * The live connection: one socket for all, and one follower per library.
 *
 * The socket only says *that* something is new. What is new comes from the
 * library's change log (`changes?since=N`), so a message lost is a message
 * late: the follower asks again on every message, on every connection, when the
 * window is looked at again, and every 30 s while the socket is down.
 */
import { Centrifuge, type PublicationContext } from 'centrifuge';
import { isSignedOut, onSessionTurn } from './session';

export interface ChangeRow {
  version: number;
  kind: string;
  object_id: string;
  op: string;
}

export interface ChangePageLike<C extends ChangeRow> {
  items: C[];
  /** The version of the last item, or `since` when there is none. */
  version: number;
  /** The newest version of the library. */
  latest: number;
}

export interface FollowerOptions<C extends ChangeRow> {
  /** The version that everything shown is at least at. */
  since: number;
  fetchChanges: (since: number) => Promise<ChangePageLike<C>>;
  /** Takes what changed, oldest first. Awaited before the next page is asked for. */
  apply: (changes: C[]) => Promise<void> | void;
  /** The log is not the one that was followed (a restored backup): forget all. */
  reset: () => void;
  /** A look that failed; the next hint or the timer tries again. */
  onError?: (error: unknown) => void;
}

/** Follows one library's change log. At most one look at a time, none missed. */
export class Follower<C extends ChangeRow> {
  private version: number;
  private again = false;
  private active = false;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: FollowerOptions<C>) {
    this.version = options.since;
  }

  get at(): number {
    return this.version;
  }

  /** A hint that the log has reached `version`; nothing is asked when it is known. */
  tell(version: number): Promise<void> {
    return version > this.version ? this.look() : Promise.resolve();
  }

  /** Asks what is new, whatever was heard. Resolves when it has been applied. */
  look(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    if (this.active) {
      this.again = true;
    } else {
      this.active = true;
      this.running = this.run();
    }
    return this.running;
  }

  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopped) {
        this.again = false;
        const page = await this.options.fetchChanges(this.version);
        if (this.stopped) return;
        if (page.latest < this.version) {
          this.version = page.latest;
          this.options.reset();
          return;
        }
        const fresh = page.items.filter((change) => change.version > this.version);
        if (fresh.length > 0) await this.options.apply(fresh);
        // Not up to `latest`: what lies between may be private to others, or
        // may have come after the items were read.
        this.version = Math.max(this.version, page.version);
        const more = fresh.length > 0 && page.version < page.latest;
        if (!more && !this.again) return;
      }
    } catch (error) {
      this.options.onError?.(error);
    } finally {
      // At once and not when the promise is heard of: a hint in between would be lost.
      this.active = false;
    }
  }
}

export type LiveState = 'connecting' | 'live' | 'down';

export interface LiveMessage {
  type: string;
  [member: string]: unknown;
}

export interface Channel {
  onMessage: (message: LiveMessage) => void;
  /** The channel may have missed something, or says nothing just now. */
  onGap: () => void;
  /** From now on it is told, on a socket that may be a new one; comes before onGap. */
  onSubscribed?: () => void;
  /** It is not told any more, for now or for good. */
  onUnsubscribed?: () => void;
}

/** How often to look while the socket is down. */
const POLL_MS = 30_000;

/** The socket. Made once by the app; channels come and go. */
export class Live {
  private readonly client: Centrifuge;
  private readonly channels = new Map<string, Channel>();
  private readonly watchers = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private current: LiveState = 'connecting';
  private socket: string | undefined;

  constructor(url: string) {
    this.client = new Centrifuge(url, { minReconnectDelay: 300, maxReconnectDelay: 10_000 });
    this.client.on('connected', (context) => {
      this.socket = context.client;
      this.turn('live');
    });
    const lost = (state: LiveState) => {
      this.socket = undefined;
      this.turn(state);
    };
    this.client.on('connecting', (context) => lost(context.code === 0 ? 'connecting' : 'down'));
    this.client.on('disconnected', () => lost('down'));
    const look = () => {
      if (document.visibilityState !== 'hidden') this.gap();
    };
    const online = () => {
      if (!isSignedOut()) this.client.connect();
      this.gap();
    };
    window.addEventListener('focus', look);
    window.addEventListener('online', online);
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(() => {
      if (this.current === 'live' || isSignedOut()) return;
      // The server may have told us to go away for good (it was restarted with
      // other keys, the session had ended): try again all the same.
      this.client.connect();
      this.gap();
    }, POLL_MS);
    this.stops.push(
      () => window.removeEventListener('focus', look),
      () => window.removeEventListener('online', online),
      () => document.removeEventListener('visibilitychange', look),
      () => clearInterval(timer),
      onSessionTurn(() => {
        if (isSignedOut()) this.client.disconnect();
        else this.client.connect();
      }),
    );
  }

  get state(): LiveState {
    return this.current;
  }

  /** For useSyncExternalStore. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly snapshot = (): LiveState => this.current;

  connect(): void {
    this.client.connect();
  }

  /** Closes the socket for good. */
  close(): void {
    for (const stop of this.stops) stop();
    this.client.disconnect();
  }

  /** Listens to a channel until the returned function is called. */
  listen(name: string, channel: Channel): () => void {
    const subscription = this.client.getSubscription(name) ?? this.client.newSubscription(name);
    const heard = (context: PublicationContext) => {
      if (isMessage(context.data)) channel.onMessage(context.data);
    };
    const subscribed = () => {
      channel.onSubscribed?.();
      channel.onGap();
    };
    const unsubscribed = () => channel.onUnsubscribed?.();
    subscription.on('publication', heard);
    subscription.on('subscribed', subscribed);
    subscription.on('subscribing', unsubscribed);
    subscription.on('unsubscribed', unsubscribed);
    subscription.subscribe();
    this.channels.set(name, channel);
    return () => {
      subscription.off('publication', heard);
      subscription.off('subscribed', subscribed);
      subscription.off('subscribing', unsubscribed);
      subscription.off('unsubscribed', unsubscribed);
      if (this.channels.get(name) !== channel) return;
      this.channels.delete(name);
      subscription.unsubscribe();
      this.client.removeSubscription(subscription);
    };
  }

  /** The socket's name on the server; undefined while there is none. */
  get id(): string | undefined {
    return this.socket;
  }

  /** Asks for something over the socket. Rejects when the server refuses or cannot be reached. */
  async rpc(method: string, data: unknown): Promise<void> {
    await this.client.rpc(method, data);
  }

  private gap(): void {
    if (isSignedOut()) return;
    for (const channel of this.channels.values()) channel.onGap();
  }

  private turn(state: LiveState): void {
    if (state === this.current) return;
    this.current = state;
    for (const watcher of [...this.watchers]) watcher();
  }
}

function isMessage(data: unknown): data is LiveMessage {
  return typeof data === 'object' && data !== null && typeof (data as LiveMessage).type === 'string';
}
