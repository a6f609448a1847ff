import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, unwrap, type ActivityPage, type Inbox, type NotificationSettings, type OutboxMail, type WatchState } from '../../lib/api';
import type { LiveMessage } from '../../lib/live';
import { queryKeys } from '../../lib/queryKeys';

type Part = 'unread' | 'read';

/** What concerns me, newest first: the unread or what was read. */
export const inboxQuery = (part: Part) =>
  infiniteQueryOptions({
    queryKey: queryKeys.inbox(part),
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        api.GET('/api/notifications', {
          signal,
          params: { query: { unread: part === 'unread' ? 'true' : 'false', after: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page: Inbox) => page.next,
  });

/** How much is unread; at most 100 are counted. */
export const unreadQuery = () =>
  queryOptions({
    queryKey: queryKeys.inbox('count'),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/notifications', { signal, params: { query: { unread: 'true', limit: 1 } } }))).unread,
  });

export const markRead = (what: { ids: string[] } | { all: true }) => unwrap(api.POST('/api/notifications/read', { body: what }));

/** What was read leaves the unread ones at once; the server's count follows. */
export async function read(client: QueryClient, what: { ids: string[] } | { all: true }): Promise<void> {
  const gone = (id: string) => 'all' in what || what.ids.includes(id);
  await client.cancelQueries({ queryKey: queryKeys.notifications });
  client.setQueryData<InfiniteData<Inbox>>(queryKeys.inbox('unread'), (data) =>
    data ? { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => !gone(item.id)) })) } : data,
  );
  try {
    const { unread } = await markRead(what);
    client.setQueryData(unreadQuery().queryKey, unread);
  } finally {
    await client.invalidateQueries({ queryKey: queryKeys.notifications });
  }
}

/** Takes a live message about the inbox; false for any other. */
export function applyNotification(client: QueryClient, message: LiveMessage): boolean {
  if (message.type !== 'notification' || typeof message.unread !== 'number') return false;
  client.setQueryData(unreadQuery().queryKey, message.unread);
  for (const part of ['unread', 'read'] as const) void client.invalidateQueries({ queryKey: queryKeys.inbox(part) });
  return true;
}

export const settingsQuery = () =>
  queryOptions({
    queryKey: queryKeys.notificationSettings,
    queryFn: ({ signal }) => unwrap(api.GET('/api/notifications/settings', { signal })),
  });

export const putSettings = (settings: NotificationSettings) => unwrap(api.PUT('/api/notifications/settings', { body: settings }));

export const watchQuery = (documentId: string) =>
  queryOptions({
    queryKey: queryKeys.watch(documentId),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/documents/{document_id}/watch', { signal, params: { path: { document_id: documentId } } })),
  });

export async function putWatch(documentId: string, state: WatchState): Promise<void> {
  const params = { path: { document_id: documentId } };
  if (state === 'none') await unwrap(api.DELETE('/api/documents/{document_id}/watch', { params }));
  else await unwrap(api.PUT('/api/documents/{document_id}/watch', { params, body: { state } }));
}

export const unsubscribe = async (token: string): Promise<void> => {
  await unwrap(api.POST('/api/unsubscribe', { body: { token } }));
};

export const outboxQuery = (state: OutboxMail['state'] | 'all') =>
  infiniteQueryOptions({
    queryKey: queryKeys.outbox(state),
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        api.GET('/api/outbox', {
          signal,
          params: { query: { state: state === 'all' ? undefined : state, after: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

export const sendAgain = async (mailId: string): Promise<void> => {
  await unwrap(api.POST('/api/outbox/{mail_id}/retry', { params: { path: { mail_id: mailId } } }));
};

/** What people did, newest first, in a library or to one document. */
export const activityQuery = (scope: 'library' | 'document', id: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.activity(scope, id),
    queryFn: ({ signal, pageParam }): Promise<ActivityPage> => {
      const query = { after: pageParam || undefined };
      return scope === 'library'
        ? unwrap(api.GET('/api/libraries/{library_id}/activity', { signal, params: { path: { library_id: id }, query } }))
        : unwrap(api.GET('/api/documents/{document_id}/activity', { signal, params: { path: { document_id: id }, query } }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
