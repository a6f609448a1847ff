/** Says where this window is in the document: the place and what is selected, never the words. */
import type { Quad } from '../../anchoring/quads';
import type { Place, TextSelection } from '../../pdfview/types';
import { Throttle } from './throttle';

type Selection = { readonly page: number; readonly quads: readonly Quad[] } | null;
type Data = ({ readonly edition_id: string; readonly selection: Selection } & Place) | { readonly gone: true };
type Send = (data: Data) => Promise<void>;

/** In ms; the server takes about ten a second. */
const every = 150;
/** After a refusal, which may pass, in ms. */
const again = 5000;
/** As many as the server takes. */
const mostQuads = 200;
/** A move that nobody sees, in PDF points. */
const tiny = 0.1;

export class Sharer {
  private send: Send | undefined;
  private place: Place | undefined;
  private selection: Selection = null;
  private shown = true;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly throttle = new Throttle<void>(every, () => this.now());

  constructor(private readonly editionId: string) {}

  /** The topic is listened to: others can be told. */
  start(send: Send): void {
    this.send = send;
    this.throttle.stop();
    this.tell();
  }

  /** Nobody can be told for now. */
  pause(): void {
    this.send = undefined;
    this.throttle.stop();
    clearTimeout(this.retry);
  }

  /** Says that this window is not there any more. */
  leave(): void {
    if (this.place && this.shown) void this.send?.({ gone: true }).catch(() => undefined);
    this.pause();
  }

  /** Whether others may know. */
  show(on: boolean): void {
    if (on === this.shown) return;
    if (!on) {
      this.throttle.stop();
      void this.send?.({ gone: true }).catch(() => undefined);
    }
    this.shown = on;
    this.tell();
  }

  move(place: Place | undefined): void {
    const before = this.place;
    if (!place || (before && before.page === place.page && close(before.x, place.x) && close(before.y, place.y))) return;
    this.place = place;
    this.tell();
  }

  select(selected: TextSelection | null): void {
    const part = selected?.parts.find(({ quads }) => quads.length > 0);
    if (!part && !this.selection) return;
    this.selection = part ? { page: part.page, quads: part.quads.slice(0, mostQuads) } : null;
    this.tell();
  }

  private tell() {
    if (this.send && this.shown && this.place) this.throttle.tell();
  }

  private now() {
    const { send, place, selection, editionId: edition_id } = this;
    if (!send || !place || !this.shown) return;
    clearTimeout(this.retry);
    send({ edition_id, page: place.page, x: place.x, y: place.y, selection }).catch(() => {
      clearTimeout(this.retry);
      if (this.send === send) this.retry = setTimeout(() => this.tell(), again);
    });
  }
}

const close = (a: number, b: number) => Math.abs(a - b) < tiny;
