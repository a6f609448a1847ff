import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelatedPapers as Related } from '../../lib/api';
import { formatAuthors } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { useDelayed } from '../../ui/useDelayed';
import { relatedQuery } from './api';
import classes from './RelatedPapers.module.css';

/** How many of a part are listed before one asks for the rest. */
const shownFirst = 5;

const parts = ['cites', 'cited_by', 'alike'] as const;

/** Papers of the same library that this one cites, that cite it, and that are about the same. */
export function RelatedPapers({ libraryId, documentId }: { libraryId: string; documentId: string }) {
  const { t } = useTranslation('search');
  const { data, error, isPending } = useQuery(relatedQuery(libraryId, documentId));
  const waiting = useDelayed(isPending);
  if (error) {
    return (
      <p className={classes.quiet} role="alert">
        {sentence(error)}
      </p>
    );
  }
  if (!data) return waiting ? <p className={classes.quiet}>{t('related.looking')}</p> : null;
  if (parts.every((part) => data[part].length === 0)) return <p className={classes.quiet}>{t('related.none')}</p>;
  return (
    <>
      {parts.map((part) => (
        <Part key={part} title={t(`related.${part}`)} papers={data[part]} />
      ))}
    </>
  );
}

function Part({ title, papers }: { title: string; papers: Related['cites'] }) {
  const { t } = useTranslation('search');
  const [all, setAll] = useState(false);
  if (papers.length === 0) return null;
  const shown = all || papers.length <= shownFirst + 1 ? papers : papers.slice(0, shownFirst);
  return (
    <div className={classes.part}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.list} aria-label={title}>
        {shown.map(({ document_id, title: name, authors, year }) => (
          <li key={document_id}>
            <Link className={classes.paper} to="/d/$documentId" params={{ documentId: document_id }} search={{}}>
              <span className={classes.name}>{name}</span>
              <span className={classes.by}>{[formatAuthors(authors), year].filter(Boolean).join(' · ')}</span>
            </Link>
          </li>
        ))}
      </ul>
      {shown.length < papers.length ? (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          {t('related.more', { count: papers.length - shown.length })}
        </button>
      ) : null}
    </div>
  );
}
