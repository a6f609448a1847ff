import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityItem } from '../../lib/api';
import { formatAgo, formatDate, formatMoment } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { activityQuery } from './api';
import classes from './ActivityList.module.css';
import { deed } from './words';

interface Props {
  scope: 'library' | 'document';
  id: string;
  /** For the narrow panel of a document: without its own title, and smaller. */
  compact?: boolean;
}

/** What people did, newest first, by day. */
export function ActivityList({ scope, id, compact }: Props) {
  const { t } = useTranslation('notify');
  const activity = useInfiniteQuery(activityQuery(scope, id));
  const items = useMemo(() => activity.data?.pages.flatMap((page) => page.items) ?? [], [activity.data]);
  const days = useMemo(() => byDay(items), [items]);
  if (activity.error) {
    return (
      <p className={classes.problem} role="alert">
        {sentence(activity.error)}
      </p>
    );
  }
  return (
    <div className={classes.activity} data-compact={compact || undefined}>
      {activity.data && items.length === 0 && !activity.hasNextPage ? <p className={classes.empty}>{t('activity.empty')}</p> : null}
      {days.map((day) => (
        <section key={day.key}>
          <h2 className={classes.day}>{dayName(day.key, t('activity.today'), t('activity.yesterday'))}</h2>
          <ol className={classes.list}>
            {day.items.map((item) => (
              <Row key={item.version} item={item} withTitle={scope === 'library'} size={compact ? 20 : 28} />
            ))}
          </ol>
        </section>
      ))}
      {activity.hasNextPage ? (
        <Button variant="subtle" loading={activity.isFetchingNextPage} onClick={() => void activity.fetchNextPage()}>
          {t('activity.older')}
        </Button>
      ) : null}
    </div>
  );
}

function Row({ item, withTitle, size }: { item: ActivityItem; withTitle: boolean; size: number }) {
  const { t } = useTranslation('notify');
  const about = item.kind === 'document' || item.kind === 'annotation';
  const named = about && !(item.kind === 'document' && item.op === 'removed');
  // Among one document's own, some deeds have no words: a link must have some.
  const said = withTitle || Boolean(item.quote) || Boolean(item.excerpt);
  const body = (
    <>
      {withTitle && named ? <span className={classes.title}>{item.document_title || t('activity.gone')}</span> : null}
      {item.quote && !item.excerpt ? <span className={classes.quote}>{item.quote}</span> : null}
      {item.excerpt ? <span className={classes.said}>{item.excerpt}</span> : null}
    </>
  );
  return (
    <li className={classes.row}>
      <PersonAvatar id={item.actor.id ?? item.actor.name} name={item.actor.name} size={size} decorative />
      <div className={classes.what}>
        <div className={classes.head}>
          <span className={classes.deed}>
            <span className={classes.name}>{item.actor.name}</span> {deed(item, t, withTitle)}
          </span>
          <time className={`${classes.at} tabular`} dateTime={item.at} title={formatMoment(item.at)}>
            {formatAgo(item.at)}
          </time>
        </div>
        {said && named && item.document_id && item.what !== 'deleted' ? (
          <Link
            className={classes.link}
            to="/d/$documentId"
            params={{ documentId: item.document_id }}
            hash={item.annotation_id ? `a=${item.annotation_id}` : undefined}
          >
            {body}
          </Link>
        ) : (
          body
        )}
      </div>
    </li>
  );
}

interface Day {
  key: string;
  items: ActivityItem[];
}

/** Items of one local day together, in the order in which they come. */
export function byDay(items: ActivityItem[]): Day[] {
  const days: Day[] = [];
  for (const item of items) {
    const key = localDay(new Date(item.at));
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, items: [item] });
  }
  return days;
}

const localDay = (date: Date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

function dayName(key: string, today: string, yesterday: string): string {
  const now = new Date();
  if (key === localDay(now)) return today;
  if (key === localDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return yesterday;
  return formatDate(`${key}T12:00:00`, key.startsWith(String(now.getFullYear())) ? undefined : 'numeric');
}
