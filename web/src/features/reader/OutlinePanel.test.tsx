import '../../app/i18n';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { currentEntry, OutlinePanel } from './OutlinePanel';

const entry = (page: number | null) => ({ title: 'x', level: 0, page, y: null });

describe('currentEntry', () => {
  const entries = [entry(2), entry(4), entry(4), entry(null), entry(9)];

  it('is the first of the last page that begins before or here', () => {
    expect(currentEntry(entries, 2)).toBe(0);
    expect(currentEntry(entries, 3)).toBe(0);
    expect(currentEntry(entries, 4)).toBe(1);
    expect(currentEntry(entries, 8)).toBe(1);
    expect(currentEntry(entries, 20)).toBe(4);
  });

  it('is none before the first', () => {
    expect(currentEntry(entries, 1)).toBe(-1);
    expect(currentEntry([], 1)).toBe(-1);
  });
});

describe('OutlinePanel', () => {
  const entries = [
    { title: 'Introduction', level: 0, page: 1, y: 640 },
    { title: 'Results', level: 0, page: 3, y: null },
  ];

  it('says that headings were found in the text, and leads to them', () => {
    const choose = vi.fn();
    render(<OutlinePanel entries={entries} found mayCome={false} page={1} onChoose={choose} />);
    expect(screen.getByText('Headings found in the text')).toBeInTheDocument();
    fireEvent.click(screen.getByRole('button', { name: /Introduction/ }));
    expect(choose).toHaveBeenCalledWith(entries[0]);
  });

  it("says nothing of the file's own outline", () => {
    render(<OutlinePanel entries={entries} found={false} mayCome={false} page={1} onChoose={() => undefined} />);
    expect(screen.queryByText('Headings found in the text')).toBeNull();
  });
});
