import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail } from '../../lib/api';
import { formatDate, formatMoment } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { editionsQuery } from './api';
import classes from './Editions.module.css';
import { useDocumentActions } from './useDocumentActions';

interface Props {
  document: DocumentDetail;
  /** The one that is read. */
  editionId: string;
  mayEdit: boolean;
}

/** The files of a document, to choose which one to read. */
export function Editions({ document, editionId, mayEdit }: Props) {
  const { t } = useTranslation('document');
  const actions = useDocumentActions(document.library_id);
  const { data, error } = useQuery(editionsQuery(document.id, document.edition));
  if (error && !data) {
    return (
      <p className={classes.problem} role="alert">
        {sentence(error)}
      </p>
    );
  }
  return (
    <ol className={classes.list} aria-label={t('editions.label')}>
      {data?.map(({ id, filename, newest, state, created_at, created_by }) => {
        const date = formatDate(created_at, 'numeric');
        const here = id === editionId;
        const text = (
          <>
            <span className={classes.name}>
              <span className={classes.file}>{filename}</span>
              {newest ? <span className={classes.tag}>{t('editions.newest')}</span> : null}
            </span>
            <span className={classes.facts} title={formatMoment(created_at)}>
              {here ? `${t('editions.here')} · ` : ''}
              {created_by ? t('editions.addedBy', { date, name: created_by.name }) : t('editions.added', { date })}
              {state === 'ready' ? '' : ` · ${t(`editions.state.${state}`)}`}
            </span>
          </>
        );
        return (
          <li key={id}>
            {here ? (
              <span className={classes.row} aria-current="true">
                {text}
              </span>
            ) : (
              <Link
                className={classes.row}
                to="/d/$documentId"
                params={{ documentId: document.id }}
                search={newest ? {} : { edition: id }}
                aria-label={t('editions.open', { name: filename, date })}
              >
                {text}
              </Link>
            )}
            {mayEdit && !newest ? (
              <button
                type="button"
                className={classes.prefer}
                aria-label={t('editions.preferLabel', { name: filename })}
                onClick={() => void actions.prefer({ id, filename })}
              >
                {t('editions.prefer')}
              </button>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

/** Says that what is on the screen is not the newest, and leads there. */
export function OlderEdition({ documentId }: { documentId: string }) {
  const { t } = useTranslation('document');
  return (
    <p className={classes.older} role="status">
      {t('editions.older')}
      <span aria-hidden>·</span>
      <Link className={classes.link} to="/d/$documentId" params={{ documentId }} search={{}}>
        {t('editions.toNewest')}
      </Link>
    </p>
  );
}
