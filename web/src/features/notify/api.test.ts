import { QueryClient, type InfiniteData } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Inbox } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { applyNotification, read, unreadQuery } from './api';

afterEach(() => vi.unstubAllGlobals());

const page = (...ids: string[]): InfiniteData<Inbox> => ({
  pages: [{ items: ids.map((id) => ({ id })) as Inbox['items'], unread: ids.length, next: null }],
  pageParams: [''],
});

describe('a live message', () => {
  it('sets the count at once', () => {
    const client = new QueryClient();
    expect(applyNotification(client, { type: 'notification', unread: 3 })).toBe(true);
    expect(client.getQueryData(unreadQuery().queryKey)).toBe(3);
  });

  it('about something else is left to others', () => {
    const client = new QueryClient();
    expect(applyNotification(client, { type: 'membership' })).toBe(false);
    expect(applyNotification(client, { type: 'notification', unread: 'many' })).toBe(false);
    expect(client.getQueryData(unreadQuery().queryKey)).toBeUndefined();
  });
});

describe('reading', () => {
  it('takes items from the unread ones before the server has answered', async () => {
    const client = new QueryClient();
    client.setQueryData(queryKeys.inbox('unread'), page('a', 'b'));
    let answer: (r: Response) => void = () => undefined;
    const fetched = vi.fn((_: Request) => new Promise<Response>((resolve) => (answer = resolve)));
    vi.stubGlobal('fetch', fetched);
    const done = read(client, { ids: ['a'] });
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledOnce());
    expect(client.getQueryData<InfiniteData<Inbox>>(queryKeys.inbox('unread'))?.pages[0]?.items.map((i) => i.id)).toEqual(['b']);
    expect(await fetched.mock.calls[0]?.[0].json()).toEqual({ ids: ['a'] });
    answer(Response.json({ unread: 1 }));
    await done;
    expect(client.getQueryData(unreadQuery().queryKey)).toBe(1);
  });
});
