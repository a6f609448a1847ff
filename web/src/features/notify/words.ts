/** Sentences about what happened. */
import type { TFunction } from 'i18next';
import type { ActivityItem, Notification } from '../../lib/api';

/** Who did what: "Ada mentioned you". */
export function headline(item: Notification, t: TFunction<'notify'>): string {
  if (item.saved_search) return t('said.matches', { name: item.saved_search.name, count: item.count });
  const name = item.actor.name || t('said.gone');
  if (item.kind === 'mention') return t('said.mention', { name });
  if (item.kind === 'assigned') return t('said.assigned', { name });
  if (item.event === 'reply' || item.event === 'resolved' || item.event === 'reopened') return t(`said.${item.event}`, { name });
  return item.count > 1 ? t('said.marks', { name, count: item.count }) : t('said.mark', { name });
}

const counted = new Set(['made', 'deleted']);
const known = new Set(['reply', 'body', 'meaning', 'moved', 'shared', 'resolved', 'reopened', 'assigned', 'restored']);

/** What somebody did, to stand after their name; withTitle where the document's title comes next. */
export function deed(item: ActivityItem, t: TFunction<'notify'>, withTitle: boolean): string {
  const { count } = item;
  if (item.kind === 'document') return t(`activity.document.${item.op}`, { count });
  if (item.kind === 'library') return t(`activity.library.${item.op === 'added' ? 'added' : 'changed'}`);
  if (item.kind === 'member') {
    // Joining and leaving are done by oneself.
    const self = item.actor.id === item.object_id;
    if (item.op === 'added') return t('activity.member.added');
    if (item.op === 'removed' && self) return t('activity.member.left');
    return t(`activity.member.${item.op === 'removed' ? 'removed' : 'changed'}`, { name: item.object_name || t('said.gone') });
  }
  const what = counted.has(item.what)
    ? t(`activity.mark.${item.what}`, { count })
    : t(`activity.mark.${known.has(item.what) ? item.what : 'changed'}`);
  return withTitle ? t('activity.mark.on', { deed: what }) : what;
}
