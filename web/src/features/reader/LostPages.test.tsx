import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import '../../app/i18n';
import type { Edition } from '../../lib/api';
import { LostPages } from './LostPages';
import { mayRetryParse } from './state';

const edition: Edition = {
  id: 'e', state: 'ready', pages_done: null, page_count: 120, kind: '', filename: 'a.pdf', size: 1, sha256: null, failure: null, thumbnail: false,
  parsed_at: '2026-01-01T00:00:00Z', failed_pages: [{ page: 3, kind: 'timed_out' }, { page: 90, kind: 'damaged' }], failed_page_count: 2,
};

const show = (given: Edition, onPage = vi.fn()) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider>
        <LostPages documentId="d" edition={given} mayRetry={mayRetryParse(given)} onPage={onPage} />
      </MantineProvider>
    </QueryClientProvider>,
  );

describe('the pages that could not be read', () => {
  it('are said with the reason of each, and lead there', () => {
    const onPage = vi.fn();
    const { container } = show(edition, onPage);
    expect(container).toHaveTextContent('2 pages could not be read: 3 (took too long), 90 (damaged). They may still show, but their text cannot be searched.');
    fireEvent.click(screen.getByRole('button', { name: 'Go to page 90' }));
    expect(onPage).toHaveBeenCalledWith(90);
  });

  it('are read again once, where that can help', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{}', { status: 202, headers: { 'content-type': 'application/json' } }));
    show(edition);
    fireEvent.click(screen.getByRole('button', { name: 'Read again' }));
    expect(await screen.findByRole('button', { name: 'Being read again…' })).toBeDisabled();
    expect((fetched.mock.calls[0]![0] as Request).url).toMatch(/\/api\/editions\/e\/retry$/);
    fetched.mockRestore();
  });

  it('are left where the same bytes give the same answer', () => {
    show({ ...edition, failed_pages: [{ page: 90, kind: 'damaged' }], failed_page_count: 1 });
    expect(screen.queryByRole('button', { name: 'Read again' })).toBeNull();
  });

  it('are no word of a file that was read whole', () => {
    expect(show({ ...edition, failed_pages: [], failed_page_count: 0 }).container.querySelector('p')).toBeNull();
  });
});
