import { describe, expect, it } from 'vitest';
import { dateText, readDate, typedDate } from './dates';

describe('dates', () => {
  it('are written as they are typed, and read again', () => {
    for (const [parts, text] of [
      [[[2019]], '2019'],
      [[[2019, 5]], '2019-05'],
      [[[2019, 5, 3]], '2019-05-03'],
      [[[2019], [2020]], '2019/2020'],
      [[[79]], '79'],
    ] as const) {
      expect(dateText({ 'date-parts': parts })).toBe(text);
      expect(readDate(text)).toEqual({ 'date-parts': parts });
    }
    expect(dateText({ literal: 'n.d.' })).toBe('n.d.');
    expect(dateText(null)).toBe('');
  });

  it('keep how they were entered where that is another way', () => {
    for (const [raw, parts] of [
      ['May 2019', [[2019, 5]]],
      ['5 March 2019', [[2019, 3, 5]]],
      ['March 5th, 2019', [[2019, 3, 5]]],
      ['5. März 2019', [[2019, 3, 5]]],
      ['3 de mayo de 2019', [[2019, 5, 3]]],
      ['5.3.2019', [[2019, 3, 5]]],
      ['2019-5-3', [[2019, 5, 3]]],
      ['2019–2020', [[2019], [2020]]],
    ] as const) {
      const date = readDate(` ${raw} `);
      expect(date).toEqual({ 'date-parts': parts, raw });
      expect(typedDate(date)).toBe(raw);
    }
  });

  it('may be about a year, or a season', () => {
    expect(readDate('ca. 1843')).toEqual({ 'date-parts': [[1843]], circa: true });
    expect(readDate('circa 1843')).toEqual({ 'date-parts': [[1843]], circa: true, raw: 'circa 1843' });
    expect(readDate('Spring 2019')).toEqual({ 'date-parts': [[2019]], season: '1' });
    expect(readDate('Herbst 2019')).toEqual({ 'date-parts': [[2019]], season: '3', raw: 'Herbst 2019' });
    expect(dateText({ 'date-parts': [[2019]], season: '3' })).toBe('Autumn 2019');
  });

  it('may be words', () => {
    expect(readDate('in press')).toEqual({ literal: 'in press' });
    expect(readDate('c. my note')).toEqual({ literal: 'c. my note' });
  });

  it('are refused where a number is not understood', () => {
    for (const text of ['', ' ', '2019-', '2019/', '1/2/3', '20190503', 'Foo 2019', 'Spring May 2019', '3/5/2019', 'May 3'])
      expect(readDate(text), text).toBeUndefined();
  });
});
