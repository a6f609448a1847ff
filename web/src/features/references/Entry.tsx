import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Reference } from './api';
import classes from './Entry.module.css';
import { entryOf, linkOf } from './entry';

/** One work, in its parts where they are known. */
export function EntryText({ reference, printed = false }: { reference: Reference; printed?: boolean }) {
  const { t } = useTranslation('references');
  const entry = printed ? undefined : entryOf(reference, (count) => t('more', { count }));
  if (!entry) return <p className={classes.raw}>{reference.raw}</p>;
  const { authors, year, title, container, rest } = entry;
  return (
    <>
      <p className={classes.by}>{[authors, year].filter(Boolean).join(' · ')}</p>
      <p className={classes.title}>{title}</p>
      {container || rest ? (
        <p className={classes.in}>
          {container ? <em>{container}</em> : null}
          {container && rest ? ', ' : null}
          {rest}
        </p>
      ) : null}
    </>
  );
}

/** Where the work can be read: in this library, or on the web. */
export function EntryLinks({ reference }: { reference: Reference }) {
  const { t } = useTranslation('references');
  const link = linkOf(reference.csl);
  return (
    <>
      {reference.document_id ? (
        <Link className={classes.here} to="/d/$documentId" params={{ documentId: reference.document_id }} search={{}}>
          {t('here')}
        </Link>
      ) : null}
      {link ? (
        <a className={classes.link} href={link.href} target="_blank" rel="noopener noreferrer" title={link.href}>
          {link.text}
        </a>
      ) : null}
    </>
  );
}
