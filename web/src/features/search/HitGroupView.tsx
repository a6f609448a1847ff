import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Hit } from '../../lib/api';
import { formatAuthors } from '../../lib/format';
import { Marked } from '../../ui/Marked';
import { hitKey, placeOf, shownAtFirst, type HitGroup } from './group';
import classes from './SearchPage.module.css';

interface Props {
  group: HitGroup;
  /** Key of the hit that n and p stand at. */
  current: string | undefined;
  all: boolean;
  onAll: () => void;
  onChoose: (hit: Hit) => void;
}

const markWords = ({ kind }: Hit): 'comment' | 'quote' | 'reply' => (kind === 'quote' || kind === 'reply' ? kind : 'comment');

/** One document's hits: its title, then the passages with their pages. */
export function HitGroupView({ group, current, all, onAll, onChoose }: Props) {
  const { t } = useTranslation('search');
  const first = group.hits[0];
  if (!first) return null;
  const shown = all ? group.hits : group.hits.slice(0, shownAtFirst);
  const hidden = group.hits.length - shown.length;
  const byline = [formatAuthors(first.authors), first.year].filter(Boolean).join(', ');
  return (
    <section className={classes.group} aria-label={first.title}>
      <div className={classes.groupHead}>
        <h2 className={classes.groupTitle}>
          <Link to="/d/$documentId" params={{ documentId: group.documentId }}>
            {first.title}
          </Link>
        </h2>
        <span className={`${classes.groupCount} tabular`}>{t('hits', { count: group.hits.length, more: '' })}</span>
      </div>
      {byline ? <div className={classes.byline}>{byline}</div> : null}
      <ul className={classes.hits}>
        {shown.map((hit) => {
          const key = hitKey(hit);
          return (
            <li key={key}>
              <Link
                data-hit={key}
                aria-current={key === current || undefined}
                className={classes.hit}
                to="/d/$documentId"
                params={{ documentId: hit.document_id }}
                {...placeOf(hit)}
                onFocus={() => onChoose(hit)}
                onMouseMove={() => key !== current && onChoose(hit)}
              >
                <span className={`${classes.pageNumber} tabular`}>{hit.end > hit.start || hit.mark_id ? t('page', { page: hit.page }) : t('about')}</span>
                <span className={hit.mark_id ? `${classes.snippet} ${classes.written}` : classes.snippet}>
                  {hit.mark_id ? (
                    <span className={classes.writer}>{t(`mark.${markWords(hit)}`, { name: hit.mark_author ?? '' })} </span>
                  ) : null}
                  {/^[\p{Lu}\d“"]/u.test(hit.snippet) ? null : '…'}
                  <Marked text={hit.snippet} ranges={hit.highlights} />
                  {/[.!?:”"]$/u.test(hit.snippet) ? null : '…'}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {hidden > 0 ? (
        <button type="button" className={classes.showAll} onClick={onAll}>
          {t('showAll', { count: hidden })}
        </button>
      ) : null}
    </section>
  );
}
