/**
 * Who is in a document, by what the server says. Nobody is aged out here: the
 * server tells when a window is gone.
 */
import type { LiveMessage } from '../../lib/live';
import type { Here } from '../../lib/api';

/** One open window of somebody. */
interface Window {
  readonly here: Here;
  /** Counts up with every news: of two windows of one person the later one holds. */
  readonly heard: number;
}

export interface Roster {
  readonly windows: ReadonlyMap<string, Window>;
  readonly heard: number;
  /** What came while a list was asked for, which may be older than it; undefined when none is. */
  readonly meanwhile: readonly RosterMessage[] | undefined;
}

export type RosterMessage = { readonly type: 'here'; readonly here: Here } | { readonly type: 'left'; readonly socket: string };

export type RosterEvent =
  | RosterMessage
  /** A list of all is being asked for. */
  | { readonly type: 'asked' }
  /** It came; undefined when it could not be had. */
  | { readonly type: 'listed'; readonly items: readonly Here[] | undefined };

export const nobody: Roster = { windows: new Map(), heard: 0, meanwhile: undefined };

export function rosterReducer(roster: Roster, event: RosterEvent): Roster {
  switch (event.type) {
    case 'asked':
      return { ...roster, meanwhile: [] };
    case 'listed':
      return listed({ ...roster, meanwhile: undefined }, event.items, roster.meanwhile ?? []);
    default: {
      const next = told(roster, event);
      return roster.meanwhile ? { ...next, meanwhile: [...roster.meanwhile, event] } : next;
    }
  }
}

function told(roster: Roster, message: RosterMessage): Roster {
  const windows = new Map(roster.windows);
  if (message.type === 'left') {
    return windows.delete(message.socket) ? { ...roster, windows } : roster;
  }
  const heard = roster.heard + 1;
  windows.set(message.here.socket, { here: message.here, heard });
  return { ...roster, windows, heard };
}

function listed(roster: Roster, items: readonly Here[] | undefined, meanwhile: readonly RosterMessage[]): Roster {
  if (!items) return roster;
  let { heard } = roster;
  const windows = new Map<string, Window>();
  for (const here of items) {
    const known = roster.windows.get(here.socket);
    // A list says nothing of when: what stands where it stood is no news.
    windows.set(here.socket, known && samePlace(known.here, here) ? { here, heard: known.heard } : { here, heard: ++heard });
  }
  return meanwhile.reduce(told, { ...roster, windows, heard });
}

const samePlace = (a: Here, b: Here) => a.page === b.page && a.x === b.x && a.y === b.y;

/** What a message of the topic says; undefined for others. */
export function rosterMessage(message: LiveMessage): RosterMessage | undefined {
  if (message.type === 'left' && typeof message['socket'] === 'string') return { type: 'left', socket: message['socket'] };
  if (message.type !== 'here') return undefined;
  const here = message as unknown as Here;
  return typeof here.socket === 'string' && here.person && here.page >= 1 ? { type: 'here', here } : undefined;
}

/** Somebody else who is in the document, where they were last. */
export interface Reader {
  readonly id: string;
  readonly name: string;
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly selection: Here['selection'];
  /** They read another file of this document: their place is none in this one. */
  readonly elsewhere: boolean;
}

/** The others, each once, by name; `me` is a person's id. */
export function readersOf(roster: Roster, me: string, editionId: string): Reader[] {
  const latest = new Map<string, Window>();
  for (const window of roster.windows.values()) {
    const { id } = window.here.person;
    if (id !== me && (latest.get(id)?.heard ?? -1) < window.heard) latest.set(id, window);
  }
  return [...latest.values()]
    .map(({ here }) => ({
      id: here.person.id,
      name: here.person.name,
      page: here.page,
      x: here.x,
      y: here.y,
      selection: here.selection,
      elsewhere: here.edition_id !== null && here.edition_id !== editionId,
    }))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}
