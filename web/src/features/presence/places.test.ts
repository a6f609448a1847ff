import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadingPlace } from '../../lib/api';
import { ApiError } from '../../lib/problem';
import { PlaceKeeper, PlaceShelf, settlesAfter, type PlaceServer } from './places';

const place = (page: number, at = `2026-01-01T00:00:0${page}Z`): ReadingPlace => ({ edition_id: 'e', page, x: 0, y: 700, at });
const fails = (status: number) => new ApiError({ status, code: 'x', title: '', detail: '' });

function remote() {
  const held: Record<string, ReadingPlace> = {};
  const state = { status: 200 };
  const answer = <T>(value: () => T) => (state.status === 200 ? Promise.resolve(value()) : Promise.reject(fails(state.status)));
  const server = {
    get: vi.fn<PlaceServer['get']>((id) => answer(() => held[id] ?? null)),
    put: vi.fn<PlaceServer['put']>((id, body) =>
      answer(() => (held[id] = held[id] && held[id].at > body.at ? held[id] : body)),
    ),
  };
  return { held, state, server };
}

beforeEach(() => localStorage.clear());

describe('places on this device', () => {
  it('go to the server, and come from it', async () => {
    const { server, held } = remote();
    await new PlaceShelf('ada', server).keep('d', place(3));
    expect(held['d']).toEqual(place(3));
    localStorage.clear();
    expect(await new PlaceShelf('ada', server).find('d')).toEqual(place(3));
    expect(await new PlaceShelf('ada', server).find('other')).toBeNull();
  });

  it('are found without the server, and told to it later', async () => {
    const { server, state, held } = remote();
    const shelf = new PlaceShelf('ada', server);
    state.status = 0;
    await shelf.keep('d', place(3));
    expect(await shelf.find('d')).toMatchObject(place(3));
    expect(await new PlaceShelf('mei', server).find('d')).toBeNull();
    state.status = 200;
    await shelf.sendLate();
    expect(held['d']).toEqual(place(3));
    server.put.mockClear();
    await shelf.sendLate();
    expect(server.put).not.toHaveBeenCalled();
  });

  it('give way to a later one from elsewhere', async () => {
    const { server, state, held } = remote();
    const shelf = new PlaceShelf('ada', server);
    state.status = 0;
    await shelf.keep('d', place(3));
    held['d'] = place(5);
    state.status = 200;
    expect(await shelf.find('d')).toEqual(place(5));
  });

  it('of documents that are gone are forgotten', async () => {
    const { server, state } = remote();
    const shelf = new PlaceShelf('ada', server);
    state.status = 0;
    await shelf.keep('d', place(3));
    state.status = 404;
    await shelf.sendLate();
    expect(await shelf.find('d')).toBeNull();
  });
});

describe('a reading', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const at = (page: number, y = 700) => ({ page, x: 0, y });

  function reading() {
    const kept: [number, boolean][] = [];
    return { kept, keeper: new PlaceKeeper(({ page }, leaving) => kept.push([page, leaving])) };
  }

  it('is kept once it has settled elsewhere than it began', () => {
    const { keeper, kept } = reading();
    keeper.see(at(9));
    keeper.begin();
    keeper.see(at(1));
    // The text's column is brought to the window's edge.
    keeper.see({ page: 1, x: 60, y: 690 });
    vi.advanceTimersByTime(settlesAfter * 2);
    expect(kept).toEqual([]);
    keeper.see(at(2));
    vi.advanceTimersByTime(settlesAfter - 1);
    keeper.see(at(3));
    vi.advanceTimersByTime(settlesAfter - 1);
    expect(kept).toEqual([]);
    vi.advanceTimersByTime(1);
    keeper.see(at(3));
    vi.advanceTimersByTime(settlesAfter);
    expect(kept).toEqual([[3, false]]);
  });

  it('is kept at once when it is left', () => {
    const { keeper, kept } = reading();
    keeper.begin();
    keeper.see(at(1));
    keeper.leave();
    keeper.see(at(2));
    keeper.leave();
    keeper.leave();
    vi.advanceTimersByTime(settlesAfter);
    expect(kept).toEqual([[2, true]]);
  });
});
