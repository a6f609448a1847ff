/**
 * Where I was in each document: kept on this device first, then told to the
 * server, so that a place that was reached offline arrives later.
 */
import type { ReadingPlace } from '../../lib/api';
import { problemOf } from '../../lib/problem';
import type { Place } from '../../pdfview/types';
import { fetchPlace, putPlace } from './api';

interface Kept extends ReadingPlace {
  /** The server has it. */
  readonly sent: boolean;
}

/** More documents than anybody reads at a time. */
const most = 100;
/** How long one stays somewhere until it counts, in ms. */
export const settlesAfter = 2000;
/** Closer than this is the same place, in PDF points. */
const near = 2;
/** Closer than this, on the same page, is still where the document was opened, in PDF points down the page. */
const nearOpening = 72;

export interface PlaceServer {
  readonly get: typeof fetchPlace;
  readonly put: typeof putPlace;
}

const server: PlaceServer = { get: fetchPlace, put: putPlace };

/** One person's places on this device. */
export class PlaceShelf {
  constructor(
    private readonly personId: string,
    private readonly remote: PlaceServer = server,
  ) {}

  /** The place to open a document at, null for its beginning. Offline it is the one that this device knows. */
  async find(documentId: string): Promise<ReadingPlace | null> {
    const kept = this.read()[documentId];
    try {
      if (kept && !kept.sent) return await this.send(documentId, kept);
      return await this.remote.get(documentId);
    } catch {
      return kept ?? null;
    }
  }

  /** Keeps a place, and tells the server when it can be told. */
  async keep(documentId: string, place: ReadingPlace, leaving = false): Promise<void> {
    this.write(documentId, { ...place, sent: false });
    await this.send(documentId, place, leaving).catch(() => undefined);
  }

  /** Tells the server what it could not be told before. */
  async sendLate(): Promise<void> {
    for (const [documentId, place] of Object.entries(this.read())) {
      if (place.sent) continue;
      try {
        await this.send(documentId, place);
      } catch (error) {
        // Not there, or not mine to read any more: nobody needs it. Anything else may pass.
        const { status } = problemOf(error);
        if (status === 403 || status === 404 || status === 422) this.write(documentId, undefined);
        else return;
      }
    }
  }

  private async send(documentId: string, { edition_id, page, x, y, at }: ReadingPlace, leaving = false) {
    const holds = await this.remote.put(documentId, { edition_id, page, x, y, at }, leaving);
    // Another may have been kept while this one was on its way.
    const now = this.read()[documentId];
    if (now?.at === at) this.write(documentId, { ...now, sent: true });
    return holds;
  }

  private get key() {
    return `scrollkeeper.places.${this.personId}`;
  }

  private read(): Record<string, Kept> {
    try {
      return (JSON.parse(localStorage.getItem(this.key) ?? '{}') as Record<string, Kept> | null) ?? {};
    } catch {
      return {};
    }
  }

  private write(documentId: string, place: Kept | undefined) {
    const { [documentId]: _, ...others } = this.read();
    const all = Object.entries(place ? { ...others, [documentId]: place } : others);
    try {
      localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(all.slice(-most))));
    } catch {
      // Storage may be full or forbidden: the server has it when it can be reached.
    }
  }
}

/** Watches one reading and keeps its place once it has settled. */
export class PlaceKeeper {
  private from: Place | undefined;
  private latest: Place | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watching = false;

  constructor(private readonly keep: (place: Place, leaving: boolean) => void) {}

  /** From now on what is seen counts: before, the file is on its way to where it was left. */
  begin(): void {
    this.watching = true;
  }

  see(place: Place | undefined): void {
    if (!this.watching || !place) return;
    // Where it was opened is no place yet that somebody has come to, and neither
    // is where fitting the page to the window then moves it.
    this.from ??= place;
    if (this.latest ? same(this.latest, place) : stillAt(this.from, place)) return;
    this.latest = place;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(false), settlesAfter);
  }

  /** Keeps at once what would have been kept soon. */
  leave(): void {
    if (this.timer !== undefined) this.settle(true);
  }

  private settle(leaving: boolean) {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.latest) this.keep(this.latest, leaving);
  }
}

const stillAt = (opened: Place, now: Place) => opened.page === now.page && Math.abs(opened.y - now.y) < nearOpening;
const same = (a: Place, b: Place) => a.page === b.page && Math.abs(a.x - b.x) < near && Math.abs(a.y - b.y) < near;
