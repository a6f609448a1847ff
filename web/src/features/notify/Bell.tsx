import { Button, Popover } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format';
import { announce } from '../../ui/announce';
import { toastError } from '../../ui/toast';
import { inboxQuery, read, unreadQuery } from './api';
import classes from './Bell.module.css';
import { NotificationRow } from './NotificationRow';

/** The bell of the top bar with how much is unread, and the newest of it. */
export function Bell() {
  const { t } = useTranslation('notify');
  const [opened, setOpened] = useState(false);
  const unread = useQuery(unreadQuery()).data ?? 0;
  const shown = unread >= 100 ? '99+' : formatNumber(unread);

  const before = useRef(unread);
  useEffect(() => {
    if (unread > before.current) announce(t('bell.more', { n: shown }));
    before.current = unread;
  }, [unread, shown, t]);

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={400} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.button}
          aria-label={unread > 0 ? t('bell.label_unread', { n: shown }) : t('bell.label')}
          onClick={() => setOpened(!opened)}
        >
          <BellIcon size={17} strokeWidth={1.75} aria-hidden />
          {unread > 0 ? (
            <span className={`${classes.count} tabular`} aria-hidden>
              {shown}
            </span>
          ) : null}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t('bell.title')}>
        {opened ? <Newest unread={unread} onClose={() => setOpened(false)} /> : null}
      </Popover.Dropdown>
    </Popover>
  );
}

function Newest({ unread, onClose }: { unread: number; onClose: () => void }) {
  const { t } = useTranslation('notify');
  const client = useQueryClient();
  const inbox = useInfiniteQuery(inboxQuery('unread'));
  const items = inbox.data?.pages.flatMap((page) => page.items).slice(0, 20) ?? [];
  return (
    <>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('bell.title')}</h2>
        {unread > 0 ? (
          <Button variant="subtle" size="compact-sm" onClick={() => void read(client, { all: true }).catch(toastError)}>
            {t('bell.readAll')}
          </Button>
        ) : null}
      </header>
      {items.length > 0 ? (
        <ul className={classes.list} aria-label={t('inbox.unread')}>
          {items.map((item) => (
            <li key={item.id}>
              <NotificationRow
                item={item}
                onOpen={() => {
                  onClose();
                  void read(client, { ids: [item.id] }).catch(toastError);
                }}
              />
            </li>
          ))}
        </ul>
      ) : inbox.isPending ? (
        <div className={classes.empty} />
      ) : (
        <div className={classes.empty}>
          <div>{t('inbox.empty')}</div>
          <div className={classes.hint}>{t('inbox.emptyText')}</div>
        </div>
      )}
      <footer className={classes.foot}>
        <Link className="link" to="/inbox" onClick={onClose}>
          {t('bell.all')}
        </Link>
        <Link className="link" to="/inbox" hash="settings" onClick={onClose}>
          {t('bell.settings')}
        </Link>
      </footer>
    </>
  );
}
