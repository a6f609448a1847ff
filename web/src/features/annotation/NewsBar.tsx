import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { useDiscussion } from './Discussion';
import classes from './Rail.module.css';

/** What others have added elsewhere; nothing moves until it is asked for. */
export function NewsBar() {
  const { t } = useTranslation('annotation');
  const { news, focus, handle, feed, marks } = useDiscussion();
  const [next] = news.items;
  const names = [...new Set(news.items.map(({ name }) => name))];
  const pages = [...new Set(news.items.map(({ page }) => page))];
  const here = feed.view?.top?.page ?? 1;
  const mark = next && marks.find(({ id }) => id === next.markId);
  // Who has news may have answered a mark that is another's.
  const author = mark && [mark.author, ...mark.replies.map((reply) => reply.author)].findLast(({ name }) => name === next.name);
  const words =
    names.length === 1 && pages.length === 1 && pages[0] !== undefined
      ? t('news.one', { count: news.items.length, name: names[0], page: pages[0] })
      : names.length === 1
        ? t('news.from', { count: news.items.length, name: names[0] })
        : t('news.some', { count: news.items.length });
  return (
    <div role="status" className={classes.newsPlace}>
      {next ? (
        <div className={classes.news}>
          {author ? <PersonAvatar id={author.id ?? author.name} name={author.name} size={20} decorative /> : null}
          <span className={classes.newsText}>{words}</span>
          <button
            type="button"
            className={classes.newsShow}
            onClick={() => {
              news.seen([next.markId]);
              handle.current?.showMark(next.markId);
              focus(next.markId, { show: true, to: 'card' });
            }}
          >
            {t('news.show')}
            {next.page !== undefined && next.page < here ? (
              <ArrowUp size={14} strokeWidth={1.75} aria-hidden />
            ) : (
              <ArrowDown size={14} strokeWidth={1.75} aria-hidden />
            )}
          </button>
        </div>
      ) : null}
    </div>
  );
}
