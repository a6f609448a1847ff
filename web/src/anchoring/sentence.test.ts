import { describe, expect, it } from 'vitest';
import { sentenceAround } from './sentence';

const text = 'One 𝑥 is here. Two is naïve and long. Three\nNext paragraph starts. And ends.';
const at = (part: string) => {
  const start = Array.from(text.slice(0, text.indexOf(part))).length;
  return [start, start + Array.from(part).length] as const;
};
const said = (range: { start: number; end: number } | undefined) =>
  range && Array.from(text).slice(range.start, range.end).join('');

describe('sentenceAround', () => {
  it('gives the whole sentence of a hit', () => {
    expect(said(sentenceAround(text, ...at('naïve')))).toBe('Two is naïve and long.');
  });

  it('gives both sentences of a hit that spans two', () => {
    expect(said(sentenceAround(text, ...at('here. Two')))).toBe(
      'One 𝑥 is here. Two is naïve and long.',
    );
  });

  it('stops at the paragraph', () => {
    expect(said(sentenceAround(text, ...at('Three')))).toBe('Three');
    expect(said(sentenceAround(text, ...at('Next')))).toBe('Next paragraph starts.');
  });

  it('gives none for an empty range, and none where full stops are missing', () => {
    expect(sentenceAround(text, 4, 4)).toBeUndefined();
    expect(sentenceAround('word '.repeat(400), 20, 24)).toBeUndefined();
  });
});
