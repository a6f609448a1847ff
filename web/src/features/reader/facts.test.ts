import { describe, expect, it } from 'vitest';
import { claimsOf, dateText, dateWords, fields, isWebAddress, readDate, valueText, type Claim } from './facts';

const claim = (source: Claim['source'], confidence: number, shown = false): Claim => ({
  field: 'title', source, value: source, confidence, shown, at: '2026-01-01T00:00:00Z', by: null, revision: 1,
});

describe('facts', () => {
  it('put the shown claim first, then the surest', () => {
    const claims = [claim('filename', 0.05), claim('info', 0.6), claim('person', 1, true), claim('page', 0.9), { ...claim('page', 1), field: 'DOI' }];
    expect(claimsOf({ claims }, 'title').map(({ source }) => source)).toEqual(['person', 'page', 'info', 'filename']);
  });

  it('write a date as it is typed, and read it again', () => {
    for (const [parts, text] of [
      [[[2019]], '2019'],
      [[[2019, 5]], '2019-05'],
      [[[2019, 5, 3]], '2019-05-03'],
      [[[2019], [2020]], '2019/2020'],
    ] as const) {
      expect(dateText({ 'date-parts': parts })).toBe(text);
      expect(readDate(text)).toEqual({ 'date-parts': parts });
    }
    expect(dateText({ literal: 'n.d.' })).toBe('n.d.');
    expect(dateText(null)).toBe('');
    for (const text of ['', 'May 2019', '2019-', '2019/', '1/2/3', '20190503']) expect(readDate(text)).toBeUndefined();
  });

  it('say a date in words only where it is one', () => {
    expect(dateWords({ 'date-parts': [[2019]] })).toBe('2019');
    expect(dateWords({ 'date-parts': [[2019, 5]] })).toBe('May 2019');
    expect(dateWords({ 'date-parts': [[2019, 5, 3]] })).toBe('3 May 2019');
    expect(dateWords({ 'date-parts': [[2019], [2020]] })).toBe('2019/2020');
    expect(dateWords({ 'date-parts': 'x' })).toBe('');
  });

  it('show whatever a claim holds as text', () => {
    const of = (id: string) => fields.find((field) => field.id === id)!;
    expect(valueText(of('author'), [{ family: 'Ada' }, 'x', null, { literal: 'B' }])).toBe('Ada, B');
    expect(valueText(of('volume'), 7)).toBe('7');
    expect(valueText(of('volume'), { a: 1 })).toBe('');
  });

  it('lead only to the web', () => {
    expect(isWebAddress('https://example.org')).toBe(true);
    expect(isWebAddress('javascript:alert(1)')).toBe(false);
  });
});
