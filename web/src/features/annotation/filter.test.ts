import { describe, expect, it } from 'vitest';
import { countAll, countSet, matches, noFilter, type Filter } from './filter';
import { ada, ines, markAt, markOf, replyOf } from './mark.testing';
import { mention, mentionAt, mentionedIn, plainText, suggest, toBody, toTyped } from './mentions';
import { inTextOrder } from './order';

const mark = markOf('a', { body: `Ça va, ${mention(ines)}?`, meaning: 'question', replies: [replyOf('r', 'Oui')] });
const fits = (filter: Partial<Filter>, id = ines.id) => matches(mark, { ...noFilter, ...filter }, id);

describe('the filter', () => {
  it('finds by words, without accents and case, in replies and quotes too', () => {
    expect(['ca VA', 'oui', 'what it', '@ines'].map((text) => fits({ text }))).toEqual([true, true, true, true]);
    expect(fits({ text: 'person:' })).toBe(false);
  });

  it('finds by meaning, person, state, mentions', () => {
    expect(fits({ meanings: ['question', 'key'] })).toBe(true);
    expect(fits({ meanings: ['key'] })).toBe(false);
    expect(fits({ people: [ines.id] })).toBe(true);
    expect(fits({ mine: true })).toBe(false);
    expect(fits({ mine: true }, ada.id)).toBe(true);
    expect(fits({ state: 'resolved' })).toBe(false);
    expect(fits({ mentionsMe: true })).toBe(true);
    expect(fits({ mentionsMe: true }, ada.id)).toBe(false);
  });

  it('counts what each choice would show', () => {
    const counts = countAll([mark, markOf('b', { resolved_at: '2026-01-03T00:00:00Z' })], ada.id);
    expect(counts).toMatchObject({ open: 1, resolved: 1, mine: 2, mentionsMe: 0 });
    expect(counts.people.map(({ name, count }) => [name, count])).toEqual([
      ['Ada Okonkwo', 2],
      ['Ines Calder', 1],
    ]);
    expect(countSet({ ...noFilter, mine: true, text: ' ' })).toBe(1);
  });
});

describe('mentions', () => {
  it('are found, read and written', () => {
    const body = `Ask ${mention(ada)} and ${mention(ines)}, ${mention(ada)}`;
    expect(mentionedIn(body)).toEqual([ada.id, ines.id]);
    expect(plainText(body)).toBe('Ask @Ada Okonkwo and @Ines Calder, @Ada Okonkwo');
    expect(toBody(toTyped(body))).toBe(body);
  });

  it('are not made of names that nobody chose, nor of parts of names', () => {
    expect(toBody({ text: '@Ada and @Adam', people: new Map() })).toBe('@Ada and @Adam');
    const people = new Map([['Ada', ada.id]]);
    expect(toBody({ text: '@Adam asks @Ada.', people })).toBe(`@Adam asks ${mention({ id: ada.id, name: 'Ada' })}.`);
  });

  it('are completed while a word after an @ is typed', () => {
    expect(mentionAt('Hi @ad', 6)).toEqual({ from: 3, query: 'ad' });
    expect(mentionAt('Hi @Ada Ok', 10)).toEqual({ from: 3, query: 'Ada Ok' });
    expect(mentionAt('me@example', 10)).toBeUndefined();
    expect(suggest([ada, ines], 'cal')).toEqual([ines]);
    expect(suggest([ada, ines], '')).toHaveLength(2);
  });
});

describe('the order of marks', () => {
  it('is the server’s, with new ones where they stand', () => {
    const known = [markAt('a', 1, 10), markAt('b', 1, 50), markAt('c', 3, 5)];
    const fresh = [markAt('x', 1, 20), markAt('y', 2, 0), markAt('z', 9, 0), markAt('w', 1, 1)];
    const sorted = inTextOrder([...known, ...fresh], new Set(['w', 'x', 'y', 'z']));
    expect(sorted.map(({ id }) => id)).toEqual(['w', 'a', 'x', 'b', 'y', 'c', 'z']);
  });
});
