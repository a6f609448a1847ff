import { describe, expect, it } from 'vitest';
import { oneLine } from './oneLine';

describe('a snippet on one line', () => {
  it('begins a little before its hit, at a word', () => {
    const snippet = 'The five core modules are designed to be taught via live coding of the content';
    const start = snippet.indexOf('live coding');
    const { text, ranges } = oneLine(snippet, [[start, start + 11]]);
    expect(text.startsWith('…')).toBe(true);
    expect([...text].slice(ranges[0]?.[0], ranges[0]?.[1]).join('')).toBe('live coding');
    expect(text.indexOf('live coding')).toBeLessThan(32);
  });

  it('stays whole when the hit is near its beginning', () => {
    expect(oneLine('live coding is fun', [[0, 11]])).toEqual({ text: 'live coding is fun', ranges: [[0, 11]] });
  });

  it('has line ends turned into spaces', () => {
    expect(oneLine('a\nb', []).text).toBe('a b');
  });
});
