import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { CheckCheck, Inbox, Settings2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Notification } from '../../lib/api';
import { useKeys } from '../../lib/keys';
import { sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { toastError } from '../../ui/toast';
import { useDelayed } from '../../ui/useDelayed';
import { inboxQuery, read, unreadQuery } from './api';
import classes from './InboxPage.module.css';
import { NotificationRow } from './NotificationRow';

interface Props {
  onOpen: (item: Notification) => void;
  onSettings: () => void;
}

/** Everything that concerns me: what is new first, then what was read. */
export function InboxPage({ onOpen, onSettings }: Props) {
  const { t } = useTranslation('notify');
  const client = useQueryClient();
  const unread = useInfiniteQuery(inboxQuery('unread'));
  const earlier = useInfiniteQuery(inboxQuery('read'));
  const count = useQuery(unreadQuery()).data ?? 0;
  const fresh = useMemo(() => unread.data?.pages.flatMap((page) => page.items) ?? [], [unread.data]);
  const old = useMemo(() => earlier.data?.pages.flatMap((page) => page.items) ?? [], [earlier.data]);
  const all = useMemo(() => [...fresh, ...old], [fresh, old]);
  const [chosen, setChosen] = useState<string>();
  const page = useRef<HTMLElement>(null);
  const waiting = useDelayed(unread.isPending || earlier.isPending);

  const at = all.findIndex((item) => item.id === chosen);
  const go = (index: number) => {
    const item = all[Math.max(0, Math.min(all.length - 1, index))];
    if (!item) return;
    setChosen(item.id);
    // The focus goes along: it is read out, and Enter follows the link.
    const link = page.current?.querySelector<HTMLElement>(`[data-notification="${CSS.escape(item.id)}"]`);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: 'nearest' });
  };
  const seen = (item: Notification) => {
    if (item.read_at === null) void read(client, { ids: [item.id] }).catch(toastError);
  };
  const readAll = () => {
    void read(client, { all: true })
      .then(() => announce(t('inbox.allRead')))
      .catch(toastError);
  };
  const group = t('keys.group');
  useKeys([
    { keys: 'j', label: t('keys.next'), group, run: () => go(at + 1) },
    { keys: 'k', label: t('keys.previous'), group, run: () => go(at - 1) },
    { keys: 'ArrowDown', run: () => go(at + 1) },
    { keys: 'ArrowUp', run: () => go(at - 1) },
    {
      keys: 'Enter',
      label: t('keys.open'),
      group,
      run: () => {
        const item = all[at];
        if (!item) return;
        seen(item);
        onOpen(item);
      },
    },
  ]);

  const error = unread.error ?? earlier.error;
  const ready = unread.data && earlier.data;
  return (
    <section className={classes.page} ref={page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{t('inbox.title')}</h1>
        <Button
          variant="default"
          leftSection={<CheckCheck size={16} strokeWidth={1.75} aria-hidden />}
          disabled={count === 0}
          onClick={readAll}
        >
          {t('inbox.readAll')}
        </Button>
        <Button variant="default" leftSection={<Settings2 size={16} strokeWidth={1.75} aria-hidden />} onClick={onSettings}>
          {t('settings.item')}
        </Button>
      </header>
      {error ? (
        <p className={classes.problem} role="alert">
          {sentence(error)}
        </p>
      ) : null}
      {waiting ? <div className={classes.waiting} aria-busy /> : null}
      {ready && all.length === 0 ? (
        <div className={classes.empty}>
          <Inbox size={28} strokeWidth={1.5} aria-hidden />
          <div className={classes.emptyTitle}>{t('inbox.empty')}</div>
          <div>{t('inbox.emptyText')}</div>
        </div>
      ) : null}
      <Part label={t('inbox.unread')} items={fresh} onOpen={seen} more={unread.hasNextPage ? () => void unread.fetchNextPage() : undefined} />
      <Part label={t('inbox.read')} items={old} onOpen={seen} more={earlier.hasNextPage ? () => void earlier.fetchNextPage() : undefined} />
    </section>
  );
}

interface PartProps {
  label: string;
  items: Notification[];
  onOpen: (item: Notification) => void;
  more: (() => void) | undefined;
}

function Part({ label, items, onOpen, more }: PartProps) {
  const { t } = useTranslation('notify');
  if (items.length === 0) return null;
  return (
    <>
      <h2 className={classes.part}>{label}</h2>
      <ul className={classes.list} aria-label={label}>
        {items.map((item) => (
          <li key={item.id}>
            <NotificationRow item={item} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {more ? (
        <Button variant="subtle" className={classes.more} onClick={more}>
          {t('inbox.older')}
        </Button>
      ) : null}
    </>
  );
}
