import '../../app/i18n';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { WatchButton } from './WatchButton';

afterEach(() => vi.unstubAllGlobals());

it('says whether I am told of a document, and changes it', async () => {
  const asked: string[] = [];
  let state = 'none';
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    if (request.method === 'PUT') state = ((await request.json()) as { state: string }).state;
    return Response.json({ state });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <WatchButton documentId="d1" />
      </MantineProvider>
    </QueryClientProvider>,
  );
  const button = await screen.findByRole('button', { name: 'Notifications for this document: Watch' });
  await vi.waitFor(() => expect(button).toBeEnabled());
  fireEvent.click(button);
  fireEvent.click(await screen.findByRole('menuitemradio', { name: /Everything that is said here/ }));
  expect(await screen.findByRole('button', { name: 'Notifications for this document: Watching' })).toBeInTheDocument();
  expect(asked).toContain('PUT /api/documents/d1/watch');
});
