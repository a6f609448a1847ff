import { describe, expect, it } from 'vitest';
import type { Here } from '../../lib/api';
import { nobody, readersOf, rosterMessage, rosterReducer, type RosterEvent } from './roster';

const at = (socket: string, person: string, page: number, edition_id: string | null = 'e1'): Here => ({
  type: 'here',
  socket,
  person: { id: person, name: person },
  edition_id,
  page,
  x: 0,
  y: 700,
  selection: null,
});
const here = (...of: Parameters<typeof at>): RosterEvent => ({ type: 'here', here: at(...of) });
const after = (...events: RosterEvent[]) => events.reduce(rosterReducer, nobody);
const seen = (...events: RosterEvent[]) => readersOf(after(...events), 'me', 'e1').map(({ id, page }) => `${id} ${page}`);

describe('who is here', () => {
  it('is everybody but me, by name', () => {
    expect(seen(here('1', 'me', 4), here('2', 'mei', 2), here('3', 'ada', 5), here('4', 'me', 1))).toEqual(['ada 5', 'mei 2']);
  });

  it('follows each window, and ends with it', () => {
    expect(seen(here('2', 'ada', 2), here('2', 'ada', 3))).toEqual(['ada 3']);
    expect(seen(here('2', 'ada', 2), { type: 'left', socket: '2' })).toEqual([]);
    expect(seen(here('2', 'ada', 2), { type: 'left', socket: '9' })).toEqual(['ada 2']);
  });

  it('has a person with two windows once, where they moved last', () => {
    const two = [here('2', 'ada', 2), here('3', 'ada', 7)];
    expect(seen(...two)).toEqual(['ada 7']);
    expect(seen(...two, here('2', 'ada', 4))).toEqual(['ada 4']);
    expect(seen(...two, { type: 'left', socket: '3' })).toEqual(['ada 2']);
  });

  it('is what a list says, in place of what was known', () => {
    expect(
      seen(here('2', 'ada', 2), here('3', 'mei', 3), { type: 'asked' }, { type: 'listed', items: [at('3', 'mei', 4)] }),
    ).toEqual(['mei 4']);
  });

  it('keeps the later window of a person when a list brings no news', () => {
    const items = [at('3', 'ada', 7), at('2', 'ada', 4)];
    expect(seen(here('3', 'ada', 7), here('2', 'ada', 4), { type: 'asked' }, { type: 'listed', items })).toEqual(['ada 4']);
    expect(
      seen(here('3', 'ada', 7), here('2', 'ada', 4), { type: 'asked' }, { type: 'listed', items: [...items].reverse() }),
    ).toEqual(['ada 4']);
  });

  it('does not go back to what a list says when news came meanwhile', () => {
    expect(
      seen(
        { type: 'asked' },
        here('2', 'ada', 5),
        { type: 'left', socket: '3' },
        { type: 'listed', items: [at('2', 'ada', 1), at('3', 'mei', 1)] },
      ),
    ).toEqual(['ada 5']);
  });

  it('stays as it is when a list cannot be had', () => {
    expect(seen(here('2', 'ada', 2), { type: 'asked' }, { type: 'listed', items: undefined })).toEqual(['ada 2']);
  });

  it('knows who reads another file', () => {
    const roster = after(here('2', 'ada', 2, 'e2'), here('3', 'mei', 2, null));
    expect(readersOf(roster, 'me', 'e1').map(({ id, elsewhere }) => [id, elsewhere])).toEqual([
      ['ada', true],
      ['mei', false],
    ]);
  });
});

describe('a message of the topic', () => {
  it('is taken for what it is', () => {
    expect(rosterMessage({ ...at('2', 'ada', 2) })).toEqual(here('2', 'ada', 2));
    expect(rosterMessage({ type: 'left', socket: '2' })).toEqual({ type: 'left', socket: '2' });
    expect(rosterMessage({ type: 'resync' })).toBeUndefined();
    expect(rosterMessage({ type: 'here', socket: 3 })).toBeUndefined();
  });
});
