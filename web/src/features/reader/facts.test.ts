import { describe, expect, it } from 'vitest';
import { claimsOf, dateWords, fields, isWebAddress, types, valueText, type Claim } from './facts';
import words from './en.json';

const claim = (source: Claim['source'], confidence: number, shown = false): Claim => ({
  field: 'title', source, value: source, confidence, shown, at: '2026-01-01T00:00:00Z', by: null, revision: 1,
});

describe('facts', () => {
  it('put the shown claim first, then the surest', () => {
    const claims = [claim('filename', 0.05), claim('info', 0.6), claim('person', 1, true), claim('page', 0.9), { ...claim('page', 1), field: 'DOI' }];
    expect(claimsOf({ claims }, 'title').map(({ source }) => source)).toEqual(['person', 'page', 'info', 'filename']);
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

  it('have a name each, and so have the types', () => {
    expect(fields.filter(({ id }) => !(id in words.info.field))).toEqual([]);
    expect(types.filter((type) => !(type in words.info.type))).toEqual([]);
    expect(new Set(types).size).toBe(45);
  });

  it('lead only to the web', () => {
    expect(isWebAddress('https://example.org')).toBe(true);
    expect(isWebAddress('javascript:alert(1)')).toBe(false);
  });
});
