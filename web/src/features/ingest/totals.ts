/** What the tray and the button say of the whole queue. */
import { secondsLeft } from './meter';
import { isSettled, isWorking, needsAttention, type Item, type Queue } from './queue';

export interface Totals {
  /** All in the list. */
  count: number;
  done: number;
  waiting: number;
  paused: number;
  attention: number;
  /** Bytes of what is to be stored; what was left out does not count. */
  bytes: number;
  sent: number;
  /** Bytes a second. */
  rate: number;
  /** Seconds; null while it cannot be told. */
  left: number | null;
  /** From 0 to 1; 1 when there is nothing to send. */
  share: number;
  /** Something is being sent or will be. */
  busy: boolean;
  /** Nothing moves by itself any more. */
  settled: boolean;
  /** Some unfinished file is held by this tab alone: closing it means picking it again. */
  unkept: number;
  /** The same, and what is still being written: leaving now would lose these. */
  atRisk: number;
}

export function totals(queue: Queue): Totals {
  let done = 0;
  let waiting = 0;
  let paused = 0;
  let working = 0;
  let attention = 0;
  let bytes = 0;
  let sent = 0;
  let unkept = 0;
  let atRisk = 0;
  for (const item of queue.items) {
    if (item.state === 'done') done++;
    else if (item.state === 'waiting') waiting++;
    else if (item.state === 'paused') paused++;
    else if (isWorking(item)) working++;
    if (needsAttention(item)) {
      attention++;
      continue;
    }
    bytes += item.size;
    sent += item.state === 'done' ? item.size : item.sent;
    if (item.kept === 'no' && !isSettled(item)) unkept++;
    if (item.kept !== 'yes' && !isSettled(item)) atRisk++;
  }
  const busy = waiting + working > 0;
  const moving = busy && !queue.signedOut;
  return {
    count: queue.items.length,
    done,
    waiting,
    paused,
    attention,
    bytes,
    sent,
    rate: moving ? queue.meter.rate : 0,
    left: moving ? secondsLeft(queue.meter, bytes - sent) : null,
    share: bytes === 0 ? 1 : sent / bytes,
    busy,
    settled: !busy && paused === 0,
    unkept,
    atRisk,
  };
}

export interface TrayRows {
  /** Being sent, then paused; at most `room`. */
  moving: Item[];
  /** Needs a person; at most what `room` gives, and what the moving ones left of theirs. */
  attention: Item[];
  /** What did not get a row, for the one line at the end. */
  rest: { done: number; waiting: number; paused: number; attention: number };
}

/** Which rows stand in the tray: what moves, then what needs a person; the rest is counted. */
export function trayRows(items: readonly Item[], room: { moving: number; attention: number }): TrayRows {
  const busy = items.filter(isWorking);
  const paused = items.filter((item) => item.state === 'paused');
  const attention = items.filter(needsAttention);
  const moving = [...busy, ...paused].slice(0, room.moving);
  const attentionRoom = room.attention + room.moving - moving.length;
  const shownPaused = moving.filter((item) => item.state === 'paused').length;
  return {
    moving,
    attention: attention.slice(0, attentionRoom),
    rest: {
      done: items.filter((item) => item.state === 'done').length,
      // What is worked on but found no room waits as well, as far as the reader can tell.
      waiting:
        items.filter((item) => item.state === 'waiting').length + busy.length - (moving.length - shownPaused),
      paused: paused.length - shownPaused,
      attention: Math.max(0, attention.length - attentionRoom),
    },
  };
}
