import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Hit } from '../../lib/api';
import { formatAuthors } from '../../lib/format';
import { Marked } from '../../ui/Marked';
import { hitKey, shownAtFirst, type HitGroup } from './group';
import classes from './SearchPage.module.css';

interface Props {
  group: HitGroup;
  /** Key of the hit that n and p stand at. */
  current: string | undefined;
  all: boolean;
  onAll: () => void;
  onChoose: (hit: Hit) => void;
}

/** One document's hits: its title, then the passages with their pages. */
export function HitGroupView({ group, current, all, onAll, onChoose }: Props) {
  const { t } = useTranslation('search');
  const first = group.hits[0];
  if (!first) return null;
  const shown = all ? group.hits : group.hits.slice(0, shownAtFirst);
  const hidden = group.hits.length - shown.length;
  const byline = [formatAuthors(first.authors), first.year].filter(Boolean).join(', ');
  return (
    <div className={classes.group} role="group" aria-label={first.title}>
      <div className={classes.groupHead}>
        <Link className={classes.groupTitle} to="/d/$documentId" params={{ documentId: group.documentId }} tabIndex={-1}>
          {first.title}
        </Link>
        <span className={`${classes.groupCount} tabular`}>{t('hits', { count: group.hits.length, more: '' })}</span>
      </div>
      {byline ? <div className={classes.byline}>{byline}</div> : null}
      {shown.map((hit) => {
        const key = hitKey(hit);
        return (
          <Link
            key={key}
            id={`hit-${key}`}
            data-hit={key}
            role="option"
            aria-selected={key === current}
            tabIndex={-1}
            className={classes.hit}
            to="/d/$documentId"
            params={{ documentId: hit.document_id }}
            search={{ page: hit.page, hit: `${hit.start}-${hit.end}` }}
            onMouseMove={() => key !== current && onChoose(hit)}
          >
            <span className={`${classes.pageNumber} tabular`}>{t('page', { page: hit.page })}</span>
            <span className={classes.snippet}>
              <Marked text={hit.snippet} ranges={hit.highlights} />
            </span>
          </Link>
        );
      })}
      {hidden > 0 ? (
        <button type="button" className={classes.showAll} onClick={onAll}>
          {t('showAll', { count: hidden })}
        </button>
      ) : null}
    </div>
  );
}
