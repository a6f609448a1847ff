import '../../app/i18n';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Edition } from '../../lib/api';
import { StatusCell } from './StatusCell';

const edition = (over: Partial<Edition>): Edition => ({
  id: 'e', state: 'queued', pages_done: null, page_count: null, kind: '', filename: 'a.pdf', size: 1, sha256: null, failure: null,
  thumbnail: false, parsed_at: null, failed_pages: [], failed_page_count: 0, ...over,
});

function show(over: Partial<Edition>) {
  const onRetry = vi.fn();
  const onPassword = vi.fn();
  render(<StatusCell edition={edition(over)} onRetry={onRetry} onPassword={onPassword} />);
  return { onRetry, onPassword };
}

describe('the status of a file', () => {
  it('counts pages while it is parsed', () => {
    show({ state: 'parsing', pages_done: 12, page_count: 40 });
    expect(screen.getByText('Parsing')).toBeInTheDocument();
    expect(screen.getByText('12/40')).toBeInTheDocument();
  });

  it('gives the reason of a failure, and Retry', () => {
    const { onRetry } = show({ state: 'failed', failure: { kind: 'timed_out', message: 'deadline' } });
    expect(screen.getByText('Parsing took too long')).toBeInTheDocument();
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("gives the server's words for a failure it has no words for", () => {
    show({ state: 'failed', failure: { kind: 'new_kind', message: 'The moon was full.' } });
    expect(screen.getByText('The moon was full.')).toBeInTheDocument();
  });

  it('asks for the password of a locked file', () => {
    const { onPassword } = show({ state: 'failed', failure: { kind: 'password_required', message: '' } });
    fireEvent.click(screen.getByRole('button', { name: 'Enter password' }));
    expect(onPassword).toHaveBeenCalledOnce();
  });

  it('offers nothing to somebody who may not', () => {
    render(<StatusCell edition={edition({ state: 'failed', failure: { kind: 'damaged', message: '' } })} onRetry={undefined} onPassword={undefined} />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});
