import { QueryClient } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';
import type { Channel, Live } from '../../lib/live';
import { followLibrary } from './libraryLive';

const asked = vi.hoisted(() => ({ times: 0 }));

vi.mock('../../features/library/api', async (original) => ({
  ...(await original<typeof import('../../features/library/api')>()),
  fetchChanges: (_: string, since: number) => {
    asked.times++;
    return Promise.resolve({ items: [], version: since, latest: since });
  },
}));

it('asks what is new when it hears that news was lost', async () => {
  let channel: Channel | undefined;
  const live = {
    listen: (_: string, listener: Channel) => {
      channel = listener;
      return () => undefined;
    },
  } as unknown as Live;
  const stop = followLibrary(new QueryClient(), live, 'library');
  await vi.waitFor(() => expect(asked.times).toBe(1));
  channel?.onMessage({ type: 'something else' });
  channel?.onMessage({ type: 'resync' });
  await vi.waitFor(() => expect(asked.times).toBe(2));
  stop();
});
