import { describe, expect, it } from 'vitest';
import { joinNote, splitNote } from './note';

describe('notes', () => {
  it.each([
    ['', ''],
    ['', 'Only text'],
    ['Summary', ''],
    ['Summary', 'What it says.\n\n# Not the title'],
  ])('goes there and back: %j, %j', (title, text) => {
    expect(splitNote(joinNote(title, text))).toEqual({ title, text });
  });

  it('takes a heading for the title only where it comes first', () => {
    expect(splitNote('Text\n# Heading').title).toBe('');
    expect(splitNote('## Second\ntext').title).toBe('');
    expect(splitNote('#tag').title).toBe('');
  });

  it('keeps a title in one line', () => {
    expect(joinNote(' a\n b ', 'text')).toBe('# a b\n\ntext');
  });
});
