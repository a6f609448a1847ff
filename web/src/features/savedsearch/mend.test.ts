import { expect, test } from 'vitest';
import { brokenPart } from './mend';

test('the part that breaks a query, and the query without it', () => {
  const cases: [string, number, string, string][] = [
    ['tag:gone', 0, 'tag:gone', ''],
    ['tidal tag:gone power', 6, 'tag:gone', 'tidal power'],
    ['tidal tag:"to read" power', 6, 'tag:"to read"', 'tidal power'],
    ['tidal -tag:gone', 6, '-tag:gone', 'tidal'],
    ['tag:gone OR tidal', 0, 'tag:gone', 'tidal'],
    ['tidal OR tag:gone', 9, 'tag:gone', 'tidal'],
    ['a OR tag:gone OR b', 5, 'tag:gone', 'a OR b'],
    ['𝔸𝔹 tag:gone', 3, 'tag:gone', '𝔸𝔹'],
    ['tag:"open', 0, 'tag:"open', ''],
  ];
  for (const [query, at, part, rest] of cases) {
    expect(brokenPart(query, at), query).toMatchObject({ part, rest });
  }
  expect(brokenPart('𝔸𝔹 tag:gone', 3)).toMatchObject({ start: 5, end: 13 });
  expect(brokenPart('tidal', 9)).toBeUndefined();
});
