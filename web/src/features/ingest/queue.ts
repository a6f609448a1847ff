/**
 * The queue of uploads as plain values: what an upload is, and what may happen
 * to it. No timers, no network, no storage: the engine drives it, the tray shows it.
 *
 *   waiting → hashing → uploading → checking → done
 *      ↑         ↓          ↓           ↓
 *      └─ paused ┴──────────┘      duplicate, error (retry → waiting)
 *
 * `checking` is the moment between the last byte and the server's word that it
 * is stored. A file found to be here already after that turns from done to duplicate.
 */
import { advance, still, type Meter } from './meter';

export type ItemState = 'waiting' | 'hashing' | 'uploading' | 'paused' | 'checking' | 'done' | 'duplicate' | 'error';

/** The one button a problem has. */
export type ProblemAction = 'open' | 'restore' | 'retry' | 'remove';

export interface ItemProblem {
  /** Stable, snake_case; its sentence is `ingest:problem.<code>`. */
  code: string;
  action: ProblemAction;
  /** The server's own sentence, shown where we have none for the code. */
  detail?: string;
}

/** Why an upload that is still being tried does not move. */
export type Trouble = 'offline' | 'busy' | 'signed_out';

/** What is known of a file before anything is done with it. */
export interface NewItem {
  id: string;
  libraryId: string;
  name: string;
  /** The folder it was dropped with, `a/b`, without the name; empty for a single file. */
  path: string;
  /** Bytes. */
  size: number;
  /** Set when it is to be a further version of a document that is there. */
  forDocumentId?: string;
  /** Its folder becomes a collection. */
  collect?: 'asked';
  /** Set when the look before sending found something wrong: it is listed, never sent. */
  problem?: ItemProblem;
}

export interface Item {
  id: string;
  libraryId: string;
  /** The document that it is to be a further version of; left out for one of its own. */
  forDocumentId?: string;
  name: string;
  path: string;
  size: number;
  state: ItemState;
  /** Bytes that have left this browser; what the server confirmed may be a little less. */
  sent: number;
  meter: Meter;
  /** The path of the upload on the server, `/api/uploads/…`; null before it was begun there. */
  url: string | null;
  /** Lower-case hex; null where the browser could not or need not compute it. */
  sha256: string | null;
  /** Its creation was sent at least once, so a copy found on the server is most likely this one. */
  begun: boolean;
  /** Its folder is to become a collection that its document is in, or has; left out where nobody asked. */
  collect?: 'asked' | 'done';
  /** What it became, or the document that was here already. */
  documentId: string | null;
  /** The item of this list that has the same bytes. */
  twinId: string | null;
  problem: ItemProblem | null;
  trouble: Trouble | null;
  /** Whether the bytes are kept in this browser, so that closing the tab loses nothing. */
  kept: Kept;
}

/** `pending`: being written. `no`: there was no room, or no need. */
export type Kept = 'pending' | 'yes' | 'no';

export interface Queue {
  items: readonly Item[];
  /** The speed of all together. */
  meter: Meter;
  /** Bytes that moved since the meter was last read. */
  moved: number;
  /** Everything waits until somebody has signed in again. */
  signedOut: boolean;
  /** How many unfinished uploads were found from before; 0 once that was said. */
  resumed: number;
}

export const emptyQueue: Queue = { items: [], meter: still, moved: 0, signedOut: false, resumed: 0 };

export type QueueEvent =
  | { type: 'added'; items: NewItem[] }
  | { type: 'restored'; items: Item[] }
  | { type: 'kept'; id: string; kept: Kept }
  | { type: 'hashing'; id: string }
  | { type: 'hashed'; id: string; sha256: string }
  | { type: 'uploading'; id: string; at: number }
  | { type: 'creating'; id: string }
  | { type: 'located'; id: string; url: string }
  | { type: 'progress'; sent: ReadonlyMap<string, number>; at: number }
  | { type: 'restarted'; id: string }
  | { type: 'troubled'; id: string; trouble: Trouble | null }
  | { type: 'done'; id: string; documentId: string | null }
  | { type: 'duplicate'; id: string; documentId: string | null; problem: ItemProblem; twinId?: string }
  | { type: 'failed'; id: string; problem: ItemProblem }
  | { type: 'paused'; ids: readonly string[] }
  | { type: 'continued'; ids: readonly string[] }
  | { type: 'collecting'; ids: readonly string[]; on: boolean }
  | { type: 'collected'; ids: readonly string[] }
  | { type: 'removed'; ids: readonly string[] }
  | { type: 'signed-out' }
  | { type: 'signed-in' }
  | { type: 'greeted' };

/** After this long without a look the meter's clock starts anew, or a pause would count as slowness. */
const IDLE_MS = 2000;

const working = new Set<ItemState>(['hashing', 'uploading', 'checking']);

/** Something is being done with it right now. */
export const isWorking = (item: Item): boolean => working.has(item.state);

/** Nothing more will happen to it by itself. */
export const isSettled = (item: Item): boolean =>
  item.state === 'done' || item.state === 'duplicate' || item.state === 'error';

/** It needs a person. */
export const needsAttention = (item: Item): boolean => item.state === 'duplicate' || item.state === 'error';

/** Its document is known, and is to go into the collection of its folder. */
export const mayCollect = (item: Item): boolean =>
  item.collect === 'asked' && item.documentId !== null && (item.state === 'done' || (item.state === 'duplicate' && item.problem?.action === 'open'));

/** What may be paused: all that has not sent its last byte. */
export const mayPause = (item: Item): boolean =>
  item.state === 'waiting' || item.state === 'hashing' || item.state === 'uploading';

function created(item: NewItem): Item {
  const { problem, ...meta } = item;
  return {
    ...meta,
    state: problem ? 'error' : 'waiting',
    sent: 0,
    meter: still,
    url: null,
    sha256: null,
    begun: false,
    documentId: null,
    twinId: null,
    problem: problem ?? null,
    trouble: null,
    kept: problem ? 'no' : 'pending',
  };
}

function change(queue: Queue, id: string, edit: (item: Item) => Item): Queue {
  const at = queue.items.findIndex((item) => item.id === id);
  const before = queue.items[at];
  if (!before) return queue;
  const after = edit(before);
  return after === before ? queue : { ...queue, items: queue.items.with(at, after) };
}

function changeAll(queue: Queue, ids: readonly string[], edit: (item: Item) => Item): Queue {
  const wanted = new Set(ids);
  return { ...queue, items: queue.items.map((item) => (wanted.has(item.id) ? edit(item) : item)) };
}

/** The queue after an event. An event that does not fit the item's state changes nothing. */
export function reduce(queue: Queue, event: QueueEvent): Queue {
  switch (event.type) {
    case 'added': {
      const known = new Set(queue.items.map((item) => item.id));
      const fresh = event.items.filter((item) => !known.has(item.id)).map(created);
      if (fresh.length === 0) return queue;
      // A new lot begins when the last one is through: its finished rows would only blur the count.
      const through = queue.items.every(isSettled);
      const before = through ? queue.items.filter(needsAttention) : queue.items;
      return { ...queue, items: [...before, ...fresh], meter: through ? still : queue.meter, moved: through ? 0 : queue.moved };
    }
    case 'restored': {
      const known = new Set(queue.items.map((item) => item.id));
      const found = event.items.filter((item) => !known.has(item.id)).map(asleep);
      const resumed = found.filter((item) => item.state === 'waiting').length;
      return { ...queue, items: [...found, ...queue.items], resumed: queue.resumed + resumed };
    }
    case 'kept':
      return change(queue, event.id, (item) => ({ ...item, kept: event.kept }));
    case 'hashing':
      return change(queue, event.id, (item) => (item.state === 'waiting' ? { ...item, state: 'hashing' } : item));
    case 'hashed':
      return change(queue, event.id, (item) => ({ ...item, sha256: event.sha256 }));
    case 'uploading': {
      const next = change(queue, event.id, (item) =>
        item.state === 'waiting' || isWorking(item)
          ? // A new one starts from nothing; where an old one stands, only the server can tell.
            { ...item, state: 'uploading', meter: item.url === null ? advance(still, 0, event.at) : still }
          : item,
      );
      const idle = next.meter.at === null || event.at - next.meter.at > IDLE_MS;
      return idle ? { ...next, meter: { ...next.meter, at: event.at } } : next;
    }
    case 'creating':
      return change(queue, event.id, (item) => (item.begun ? item : { ...item, begun: true }));
    case 'located':
      return change(queue, event.id, (item) => (item.url === event.url ? item : { ...item, url: event.url }));
    case 'progress':
      return progressed(queue, event.sent, event.at);
    case 'restarted':
      return change(queue, event.id, (item) => ({ ...item, url: null, sent: 0, meter: still }));
    case 'troubled':
      return change(queue, event.id, (item) => (item.trouble === event.trouble ? item : { ...item, trouble: event.trouble }));
    case 'done': {
      const before = queue.items.find((item) => item.id === event.id);
      const rest = before && isWorking(before) && before.meter.at !== null ? before.size - before.sent : 0;
      const metered = rest > 0 ? { ...queue, moved: queue.moved + rest } : queue;
      const next = change(metered, event.id, (item) => ({
        ...item,
        state: 'done',
        sent: item.size,
        documentId: event.documentId ?? item.documentId,
        problem: null,
        trouble: null,
      }));
      if (!event.documentId) return next;
      const { documentId } = event;
      // Its twins in this list can now be opened too.
      return {
        ...next,
        items: next.items.map((item) =>
          item.twinId === event.id ? { ...item, documentId, problem: { code: 'duplicate', action: 'open' } } : item,
        ),
      };
    }
    case 'duplicate':
      return change(queue, event.id, (item) => ({
        ...item,
        state: 'duplicate',
        documentId: event.documentId,
        twinId: event.twinId ?? null,
        problem: event.problem,
        trouble: null,
      }));
    case 'failed':
      return change(queue, event.id, (item) => ({ ...item, state: 'error', problem: event.problem, trouble: null }));
    case 'paused':
      return changeAll(queue, event.ids, (item) =>
        mayPause(item) ? { ...item, state: 'paused', meter: still, trouble: null } : item,
      );
    case 'continued':
      return changeAll(queue, event.ids, (item) =>
        item.state === 'paused' || (item.state === 'error' && item.problem?.action === 'retry')
          ? { ...item, state: 'waiting', problem: null, meter: still }
          : item,
      );
    case 'collecting':
      return changeAll(queue, event.ids, (item) => {
        if (!item.path || item.collect === 'done') return item;
        const { collect: _collect, ...rest } = item;
        return event.on ? { ...rest, collect: 'asked' } : rest;
      });
    case 'collected':
      return changeAll(queue, event.ids, (item) => ({ ...item, collect: 'done' }));
    case 'removed': {
      const gone = new Set(event.ids);
      const items = queue.items.filter((item) => !gone.has(item.id));
      return items.length === queue.items.length ? queue : { ...queue, items };
    }
    case 'signed-out':
      return queue.signedOut ? queue : { ...queue, signedOut: true };
    case 'signed-in':
      if (!queue.signedOut) return queue;
      return {
        ...queue,
        signedOut: false,
        items: queue.items.map((item) => (item.trouble === 'signed_out' ? { ...item, trouble: null } : item)),
      };
    case 'greeted':
      return queue.resumed === 0 ? queue : { ...queue, resumed: 0 };
  }
}

/** What was in the middle of something when the tab went away starts from waiting. */
function asleep(item: Item): Item {
  return { ...item, state: isWorking(item) ? 'waiting' : item.state, meter: still, trouble: null };
}

function progressed(queue: Queue, sent: ReadonlyMap<string, number>, at: number): Queue {
  let { moved } = queue;
  const items = queue.items.map((item) => {
    if (item.state !== 'uploading' && item.state !== 'checking') return item;
    const now = Math.min(sent.get(item.id) ?? item.sent, item.size);
    // The first figure after a start is where the server already was: no movement.
    const step = item.meter.at === null ? 0 : Math.max(0, now - item.sent);
    moved += step;
    return {
      ...item,
      sent: now,
      state: now >= item.size ? ('checking' as const) : ('uploading' as const),
      meter: advance(item.meter, step, at),
    };
  });
  return { ...queue, items, meter: advance(queue.meter, moved, at), moved: 0 };
}
