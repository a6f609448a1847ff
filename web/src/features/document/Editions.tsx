import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
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

const kinds = ['', 'preprint', 'accepted', 'published', 'supplement'] as const satisfies readonly Edition['kind'][];
const kindOf = (text: string): Edition['kind'] => kinds.find((kind) => kind === text) ?? '';

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
      {data?.map(({ id, filename, kind, newest, state, created_at, created_by }) => {
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
              {kind && !mayEdit ? `${t(`editions.kind.${kind}`)} · ` : ''}
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
            {mayEdit ? (
              <span className={classes.tools}>
                <NativeSelect
                  size="xs"
                  variant="unstyled"
                  className={classes.kind}
                  aria-label={t('editions.kindLabel', { name: filename })}
                  value={kind}
                  onChange={(event) => void actions.setKind({ id, filename }, kindOf(event.currentTarget.value))}
                  data={kinds.map((value) => ({ value, label: t(`editions.kind.${value || 'none'}`) }))}
                />
                {newest ? null : (
                  <button
                    type="button"
                    className={classes.prefer}
                    aria-label={t('editions.preferLabel', { name: filename })}
                    onClick={() => void actions.prefer({ id, filename })}
                  >
                    {t('editions.prefer')}
                  </button>
                )}
              </span>
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
