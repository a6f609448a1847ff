import { describe, expect, it } from 'vitest';
import { withFilter, withoutFilter, withoutFilters } from './narrowing';

describe('filters in a query', () => {
  it('go by code points', () => {
    expect(withoutFilter('𝛼 year:2019 tide', { start: 2, end: 11 })).toBe('𝛼 tide');
  });

  it('go all at once, whatever their order', () => {
    const places = [
      { start: 0, end: 9 },
      { start: 15, end: 22 },
    ];
    expect(withoutFilters('year:2019 tide by:ada x', places)).toBe('tide x');
  });

  it('are added with quotation marks where they have spaces', () => {
    expect(withFilter('tide', 'by', 'Ada Okonkwo')).toBe('tide by:"Ada Okonkwo"');
    expect(withFilter('', 'year', '2019')).toBe('year:2019');
  });
});
