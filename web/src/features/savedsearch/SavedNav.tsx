/** Saved searches in the navigation, each with how many documents it finds. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing, Search, TriangleAlert, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SavedSearch } from '../../lib/api';
import { formatNumber } from '../../lib/format';
import { NavSection } from '../../ui/NavSection';
import rows from '../../ui/NavSection.module.css';
import { Actions } from './Actions';
import { countQuery, savedSearchesQuery } from './api';
import classes from './Saved.module.css';

interface Props {
  libraryId: string;
  mayShare: boolean;
  /** The one on screen. */
  current: string | undefined;
}

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function SavedNav({ libraryId, mayShare, current }: Props) {
  const { t } = useTranslation('savedsearch');
  const { data: list } = useQuery(savedSearchesQuery(libraryId));
  // Saving one begins on the search page; until then there is nothing to say.
  if (!list || list.length === 0) return null;
  return (
    <NavSection title={t('title')}>
      <ul className={rows.list}>
        {list.map((saved) => (
          <li key={saved.id}>
            <Item saved={saved} mayShare={mayShare} current={saved.id === current} />
          </li>
        ))}
      </ul>
    </NavSection>
  );
}

function Item({ saved, mayShare, current }: { saved: SavedSearch; mayShare: boolean; current: boolean }) {
  const { t } = useTranslation('savedsearch');
  const { data: count } = useQuery(countQuery(saved));
  return (
    <div className={rows.item} data-current={current || undefined}>
      <Link
        className={rows.link}
        to="/search"
        search={{ q: saved.query, library: saved.library_id, saved: saved.id }}
        activeProps={{}}
        aria-current={current ? 'page' : undefined}
        title={saved.problem?.detail ?? saved.query}
      >
        {saved.problem ? <TriangleAlert {...icon} className={classes.broken} /> : saved.notices ? <BellRing {...icon} /> : <Search {...icon} />}
        <span className={rows.name}>{saved.name}</span>
        {saved.shared ? (
          <>
            <Users {...icon} size={13} />
            <span className="sr-only">{t('isShared')}</span>
          </>
        ) : null}
        {saved.problem ? <span className="sr-only">{t('isBroken')}</span> : saved.notices ? <span className="sr-only">{t('isTold')}</span> : null}
        {count && !saved.problem ? (
          <span className={`${rows.count} tabular`}>
            <span aria-hidden>
              {formatNumber(count.documents)}
              {count.more ? '+' : ''}
            </span>
            <span className="sr-only"> {t('count', { count: count.documents, n: `${formatNumber(count.documents)}${count.more ? '+' : ''}` })}</span>
          </span>
        ) : null}
      </Link>
      <Actions saved={saved} mayShare={mayShare} className={`${rows.small} ${rows.more}`} />
    </div>
  );
}
