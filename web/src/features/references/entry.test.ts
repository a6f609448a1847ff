import { describe, expect, it } from 'vitest';
import type { Reference } from './api';
import { citedPages, entryOf, filtered, linkOf } from './entry';

const reference = (csl: Reference['csl'], raw = 'as printed'): Reference => ({ index: 0, raw, csl, page: 9, boxes: [], cited: [], document_id: null });
const more = (count: number) => `and ${count} more`;

describe('an entry of the list', () => {
  it('is set in its parts', () => {
    expect(
      entryOf(
        reference({
          author: [{ family: 'Turing', given: 'A. M.' }, { literal: 'The Group' }],
          issued: { 'date-parts': [[1936, 11]] },
          title: 'On Computable Numbers',
          'container-title': 'Proceedings',
          volume: 's2-42',
          issue: '1',
          page: '230–265',
          DOI: '10.1112/plms/s2-42.1.230',
        }),
        more,
      ),
    ).toEqual({
      authors: 'A. M. Turing, The Group',
      year: '1936',
      title: 'On Computable Numbers',
      container: 'Proceedings',
      rest: 's2-42(1), 230–265',
    });
  });

  it('is what is printed where too little could be told apart', () => {
    expect(entryOf(reference({}), more)).toBeUndefined();
    expect(entryOf(reference({ title: 'Alone' }), more)).toBeUndefined();
    expect(entryOf(reference({ author: [{ family: 'Ada' }] }), more)).toBeUndefined();
  });

  it('names some of many authors', () => {
    const author = Array.from({ length: 40 }, (_, i) => ({ family: `A${i}` }));
    expect(entryOf(reference({ title: 'T', author }), more)?.authors).toBe('A0, A1, A2, A3, A4, A5, and 34 more');
  });

  it('leads only to the web', () => {
    expect(linkOf({ DOI: '10.1112/plms/s2-42.1.230', URL: 'https://example.org' })).toEqual({
      href: 'https://doi.org/10.1112/plms/s2-42.1.230',
      text: '10.1112/plms/s2-42.1.230',
    });
    expect(linkOf({ URL: 'javascript:alert(1)' })).toBeUndefined();
    expect(linkOf({ URL: 'https://www.example.org/a/' })).toEqual({ href: 'https://www.example.org/a/', text: 'example.org/a' });
    expect(linkOf({ DOI: 'not one', URL: 'file:///etc/passwd' })).toBeUndefined();
    expect(linkOf({ DOI: '10.1000/a<b>"' })?.href).toBe('https://doi.org/10.1000/a%3Cb%3E%22');
  });

  it('is found by any of its words, without regard to accents', () => {
    const list = [reference({ title: 'Über Zahlen', author: [{ family: 'Gödel', given: 'Kurt' }] }, 'K. Gödel 1931'), reference({}, 'Someone else')];
    expect(filtered(list, 'godel zahl')).toEqual([list[0]]);
    expect(filtered(list, 'ELSE')).toEqual([list[1]]);
    expect(filtered(list, '  ')).toBe(list);
    expect(filtered(list, 'gödel else')).toEqual([]);
  });

  it('says on which pages it is cited', () => {
    const at = (page: number) => ({ page, start: 0, end: 1 });
    expect(citedPages({ cited: [at(7), at(3), at(7), at(12)] })).toEqual([3, 7, 12]);
  });
});
