/**
 * What a person has changed and the server has not confirmed yet, as plain
 * values: what a change is, and what may happen to it. No timers, no network, no
 * storage: the worker drives it, the rail shows it.
 *
 *   waiting ⇄ sending → (gone: saved)
 *                ↓
 *         stale, refused   kept until the person decides
 *
 * Changes to one mark go out in the order in which they were made.
 */
import type { Annotation, AnnotationEdit, AnnotationPart, AnnotationPerson, NewAnnotation } from '../../lib/api';
import type { Problem } from '../../lib/problem';

/** One thing done to one mark; plain data, so that it can be kept and sent later. */
export type Op =
  /** `parts` and `exact` draw the mark until the server has anchored it. */
  | { do: 'make'; mark: NewAnnotation; parts: AnnotationPart[]; exact: string }
  | { do: 'edit'; edit: AnnotationEdit; parts?: AnnotationPart[] }
  | { do: 'delete' }
  | { do: 'restore' }
  | { do: 'resolve'; resolved: boolean }
  | { do: 'assign'; person: AnnotationPerson | null }
  | { do: 'confirm'; editionId: string }
  | { do: 'reply'; replyId: string; body: string }
  | { do: 'edit-reply'; replyId: string; revision: number; body: string }
  | { do: 'delete-reply'; replyId: string }
  | { do: 'restore-reply'; replyId: string }
  | { do: 'react'; replyId: string | null; emoji: string; on: boolean };

/** What a person asks for. */
export interface NewChange {
  /** Names the change to the server: sent twice, it has one effect. */
  id: string;
  documentId: string;
  libraryId: string;
  markId: string;
  /** When it was made, ISO 8601. */
  at: string;
  /** Later changes have greater ones; see nextOrder. */
  order: number;
  op: Op;
}

export type ChangeState = 'waiting' | 'sending' | 'stale' | 'refused';

export interface Change extends NewChange {
  state: ChangeState;
  /** How often it was sent without an answer that settles it. */
  tries: number;
  problem: Problem | null;
  /** For a stale one: the mark as somebody else left it. */
  current: Annotation | null;
}

/** Why changes that are still being tried do not get through. */
export type Trouble = 'offline' | 'busy' | 'signed_out';

export interface Queue {
  /** In the order in which they were made. */
  changes: readonly Change[];
  trouble: Trouble | null;
  /** False where this browser keeps nothing: closing the tab would lose them. */
  kept: boolean;
}

export const emptyQueue: Queue = { changes: [], trouble: null, kept: true };

export type QueueEvent =
  | { type: 'added'; change: NewChange }
  | { type: 'restored'; changes: readonly Change[] }
  | { type: 'sending'; id: string }
  | { type: 'saved'; id: string }
  | { type: 'delayed'; id: string; trouble: Trouble }
  | { type: 'stale'; id: string; problem: Problem; current: Annotation | null }
  | { type: 'refused'; id: string; problem: Problem }
  /** A person wants a stale or refused one sent after all; `op` is what it has become. */
  | { type: 'again'; id: string; newId: string; op: Op }
  | { type: 'discarded'; ids: readonly string[] }
  | { type: 'clear' }
  | { type: 'unkept' };

/** Waits for a person, not for the server. */
export const isStuck = (change: Change): boolean => change.state === 'stale' || change.state === 'refused';

/** Whether it holds a text that somebody wrote, which must not get lost. */
export function textOf({ op }: Pick<Change, 'op'>): string | undefined {
  switch (op.do) {
    case 'make':
      return op.mark.body ?? '';
    case 'edit':
      return op.edit.body;
    case 'reply':
    case 'edit-reply':
      return op.body;
    default:
      return undefined;
  }
}

function change(queue: Queue, id: string, edit: (change: Change) => Change): Queue {
  const at = queue.changes.findIndex((other) => other.id === id);
  const before = queue.changes[at];
  return before ? { ...queue, changes: queue.changes.with(at, edit(before)) } : queue;
}

/** The queue after an event. An event of a change that is gone does nothing. */
export function reduce(queue: Queue, event: QueueEvent): Queue {
  switch (event.type) {
    case 'added':
      if (queue.changes.some(({ id }) => id === event.change.id)) return queue;
      return {
        ...queue,
        changes: [...queue.changes, { ...event.change, state: 'waiting', tries: 0, problem: null, current: null }],
      };
    case 'restored': {
      const known = new Set(queue.changes.map(({ id }) => id));
      const found = event.changes
        .filter(({ id }) => !known.has(id))
        // Whether a request arrived is not known; its id makes a second one harmless.
        .map((old): Change => (old.state === 'sending' ? { ...old, state: 'waiting' } : old));
      if (found.length === 0) return queue;
      return { ...queue, changes: [...found, ...queue.changes].sort((a, b) => a.order - b.order) };
    }
    case 'sending':
      return change(queue, event.id, (old) => ({ ...old, state: 'sending' }));
    case 'saved':
      return { ...queue, trouble: null, changes: queue.changes.filter(({ id }) => id !== event.id) };
    case 'delayed':
      return {
        ...change(queue, event.id, (old) => ({ ...old, state: 'waiting', tries: old.tries + 1 })),
        trouble: event.trouble,
      };
    case 'stale':
      return {
        ...change(queue, event.id, (old) => ({ ...old, state: 'stale', problem: event.problem, current: event.current })),
        trouble: null,
      };
    case 'refused':
      return {
        ...change(queue, event.id, (old) => ({ ...old, state: 'refused', problem: event.problem })),
        trouble: null,
      };
    case 'again':
      return change(queue, event.id, (old) => ({
        ...old,
        // Another request: the server would answer the old id as it did the first time.
        id: event.newId,
        op: event.op,
        state: 'waiting',
        tries: 0,
        problem: null,
        current: null,
      }));
    case 'discarded': {
      const gone = new Set(event.ids);
      return { ...queue, changes: queue.changes.filter(({ id }) => !gone.has(id)) };
    }
    case 'clear':
      return queue.trouble === null ? queue : { ...queue, trouble: null };
    case 'unkept':
      return { ...queue, kept: false };
  }
}

/** Whether `later`, of the same mark, makes no sense before `earlier` is through. */
function buildsOn(later: Change, earlier: Change): boolean {
  switch (earlier.op.do) {
    case 'make':
      return true;
    case 'edit':
      return later.op.do === 'edit';
    case 'reply':
    case 'edit-reply':
    case 'delete-reply':
    case 'restore-reply':
      return 'replyId' in later.op && later.op.replyId === earlier.op.replyId;
    default:
      return false;
  }
}

/**
 * What can be sent now: for each mark the first. What a person has to decide on,
 * and what builds on that, stands aside for the rest.
 */
export function sendable(queue: Queue): Change[] {
  const busy = new Set<string>();
  const aside = new Map<string, Change[]>();
  return queue.changes.filter((one) => {
    const held = aside.get(one.markId) ?? [];
    if (isStuck(one) || held.some((other) => buildsOn(one, other))) {
      aside.set(one.markId, [...held, one]);
      return false;
    }
    const first = !busy.has(one.markId);
    busy.add(one.markId);
    return first && one.state === 'waiting';
  });
}

export interface Standing {
  /** Being sent or waiting. */
  unsaved: number;
  /** Waiting for a person's word. */
  stuck: number;
  trouble: Trouble | null;
  kept: boolean;
}

/** How it stands in all, for the footer. */
export function standing(queue: Queue): Standing {
  const stuck = queue.changes.filter(isStuck).length;
  return { unsaved: queue.changes.length - stuck, stuck, trouble: queue.trouble, kept: queue.kept };
}

/** The changes of each mark, in their order. */
export const byMark = (changes: readonly Change[]): Map<string, Change[]> => Map.groupBy(changes, ({ markId }) => markId);

let lastOrder = 0;

/** A number greater than any given before in this tab, and in time with those of other tabs. */
export function nextOrder(now = Date.now()): number {
  lastOrder = Math.max(now, lastOrder + 0.001);
  return lastOrder;
}
