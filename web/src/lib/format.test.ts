import '../app/i18n';
import { describe, expect, it } from 'vitest';
import { daysLeft, formatAgo, formatAuthors, formatByline, formatBytes } from './format';
import { initials, personColour, personColours } from './people';

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [14_200, '14 kB'],
    [2_147_483, '2.1 MB'],
    [184_000_000, '184 MB'],
    [2 * 1024 ** 3, '2.1 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('times in a column', () => {
  const now = new Date('2024-11-05T15:00:00').getTime();
  const at = (text: string) => formatAgo(new Date(text).toISOString(), now);
  it.each([
    ['2024-11-05T14:59:30', 'now'],
    ['2024-11-05T14:58:00', '2 min'],
    ['2024-11-05T12:00:00', '3 h'],
    ['2024-11-04T20:00:00', '4 Nov'],
    ['2023-11-03T10:00:00', '3 Nov 2023'],
  ])('%s is %s', (then, text) => expect(at(then)).toBe(text));

  it('are empty for what is no time', () => expect(formatAgo('', now)).toBe(''));
});

describe('authors', () => {
  const people = (...families: string[]) => families.map((family) => ({ family }));

  it('are all named up to five', () => {
    expect(formatAuthors(people('Marshall', 'Cherian', 'Henderson', 'Scheick', 'Forster'))).toBe(
      'Marshall, Cherian, Henderson, Scheick, Forster',
    );
  });

  it('are four and a number above that', () => {
    expect(formatAuthors(people('Lapp', 'Sovacool', 'Lesniak', 'King', 'Barnier', 'Flickinger'))).toBe(
      'Lapp, Sovacool, Lesniak, King and 2 more',
    );
  });

  it('may be a body with one name', () => {
    expect(formatAuthors([{ family: '', literal: 'CERN' }])).toBe('CERN');
  });

  it('stand in running text as a citation does', () => {
    expect(formatByline(people('Lapp', 'King', 'Lucas'), 2022)).toBe('Lapp and others 2022');
    expect(formatByline(people('Barba', 'Forsyth'), null)).toBe('Barba and Forsyth');
    expect(formatByline([], null)).toBe('');
  });
});

describe('days left', () => {
  it('never fall below 0', () => {
    const now = Date.parse('2024-01-08T00:00:00Z');
    expect(daysLeft('2024-01-12T12:00:00Z', now)).toBe(5);
    expect(daysLeft('2024-01-01T00:00:00Z', now)).toBe(0);
  });
});

describe('a person', () => {
  it('has one colour for life', () => {
    const id = '0191d3c4-0000-7000-8000-000000000001';
    expect(personColour(id)).toBe(personColour(id));
    expect(personColours).toContain(personColour(id));
  });

  it.each([
    ['Ines Calder', 'IC'],
    ['Plato', 'P'],
    ['  Ana María  de la Cruz ', 'AC'],
    ['élise', 'É'],
    ['', ''],
  ])('called %j has the initials %s', (name, text) => expect(initials(name)).toBe(text));
});
