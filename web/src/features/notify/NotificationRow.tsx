import { Link } from '@tanstack/react-router';
import { AtSign, BellRing, CircleCheckBig, Highlighter, Reply, RotateCcw, UserRoundCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Notification } from '../../lib/api';
import { formatAgo, formatMoment } from '../../lib/format';
import { PersonAvatar } from '../../ui/PersonAvatar';
import classes from './NotificationRow.module.css';
import { headline } from './words';

interface Props {
  item: Notification;
  /** Called as its link is followed. */
  onOpen: (item: Notification) => void;
}

/** One thing that concerns me, as a link to the mark or to the search. */
export function NotificationRow({ item, onOpen }: Props) {
  const { t } = useTranslation('notify');
  const unread = item.read_at === null;
  const link = {
    className: classes.row ?? '',
    'data-notification': item.id,
    'data-unread': unread || undefined,
    onClick: () => onOpen(item),
  };
  const saved = item.saved_search;
  const content = (
    <>
      <span className={classes.who}>
        {saved ? (
          <span className={classes.search}>
            <BellRing size={15} strokeWidth={1.75} aria-hidden />
          </span>
        ) : (
          <>
            <PersonAvatar id={item.actor.id ?? item.actor.name} name={item.actor.name || '?'} size={28} decorative />
            <span className={classes.icon}>
              <Sign item={item} />
            </span>
          </>
        )}
      </span>
      <span className={classes.what}>
        <span className={classes.head}>
          <span className={classes.headline}>
            {unread ? <span className="sr-only">{t('inbox.unreadMark')}</span> : null}
            {headline(item, t)}
          </span>
          <time className={`${classes.at} tabular`} dateTime={item.at} title={formatMoment(item.at)}>
            {formatAgo(item.at)}
          </time>
        </span>
        <span className={classes.title}>
          {saved && item.count > 1 ? t('said.andMore', { title: item.document_title, count: item.count - 1 }) : item.document_title}
        </span>
        {item.excerpt ? <span className={classes.said}>{item.excerpt}</span> : item.quote ? <span className={classes.quote}>{item.quote}</span> : null}
      </span>
      {unread ? <span className={classes.dot} aria-hidden /> : null}
    </>
  );
  return saved ? (
    <Link {...link} to="/search" search={{ library: item.library_id, saved: saved.id }}>
      {content}
    </Link>
  ) : (
    <Link {...link} to="/d/$documentId" params={{ documentId: item.document_id }} hash={`a=${item.annotation_id}`}>
      {content}
    </Link>
  );
}

function Sign({ item }: { item: Notification }) {
  const icon = { size: 13, strokeWidth: 2, 'aria-hidden': true };
  if (item.kind === 'mention') return <AtSign {...icon} />;
  if (item.kind === 'assigned') return <UserRoundCheck {...icon} />;
  if (item.event === 'reply') return <Reply {...icon} />;
  if (item.event === 'resolved') return <CircleCheckBig {...icon} />;
  if (item.event === 'reopened') return <RotateCcw {...icon} />;
  return <Highlighter {...icon} />;
}
