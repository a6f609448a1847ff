import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import { formatBytes, formatDate } from '../../lib/format';
import classes from './InfoPanel.module.css';
import type { InfoPart } from './slots';

interface Props {
  document: DocumentDetail;
  /** The file that is read, not always the document's newest. */
  edition: Edition;
  /** As counted by the viewer, which knows it before the server does. */
  pageCount: number;
  /** What other parts of the app know. */
  parts?: readonly InfoPart[] | undefined;
}

/** What is known about the paper and its file. */
export function InfoPanel({ document, edition, pageCount, parts = [] }: Props) {
  const { t } = useTranslation('reader');
  const { csl, doi } = document;
  const authors = document.authors
    .map((author) => author.literal || [author.given, author.family].filter(Boolean).join(' '))
    .filter(Boolean);
  const added = formatDate(document.added_at, 'numeric');
  const pages = edition.page_count ?? pageCount;
  return (
    <section className={classes.panel} aria-label={t('info.title')}>
      <div className={classes.body} tabIndex={0} role="group" aria-label={t('info.title')}>
        <p className={classes.title}>{document.title || t('info.untitled')}</p>
        <dl className={classes.list}>
          <Row name={t('info.authors')}>
            {authors.length > 0 ? (
              <ul className={classes.authors}>
                {authors.map((name, index) => (
                  <li key={index}>{name}</li>
                ))}
              </ul>
            ) : null}
          </Row>
          <Row name={t('info.year')}>{document.year}</Row>
          <Row name={t('info.in')} optional>
            {csl['container-title']}
          </Row>
          <Row name={t('info.volume')} optional>
            {csl.volume}
          </Row>
          <Row name={t('info.issue')} optional>
            {csl.issue}
          </Row>
          <Row name={t('info.pages')} optional>
            {csl.page}
          </Row>
          <Row name={t('info.publisher')} optional>
            {csl.publisher}
          </Row>
          <Row name={t('info.doi')}>
            {doi ? (
              <a
                className={classes.link}
                href={`https://doi.org/${encodeURI(doi)}`}
                target="_blank"
                rel="noopener noreferrer"
              >
                {doi}
              </a>
            ) : null}
          </Row>
        </dl>
        {csl.abstract ? (
          <>
            <h3 className={classes.part}>{t('info.abstract')}</h3>
            <p className={classes.abstract}>{csl.abstract}</p>
          </>
        ) : null}
        <h3 className={classes.part}>{t('info.file')}</h3>
        <dl className={classes.list}>
          <Row name={t('info.name')}>{edition.filename}</Row>
          <Row name={t('info.size')}>{formatBytes(edition.size)}</Row>
          <Row name={t('info.length')}>{pages ? t('info.length', { count: pages }) : null}</Row>
          <Row name={t('info.added')}>
            {document.added_by ? t('info.addedBy', { date: added, name: document.added_by.name }) : added}
          </Row>
        </dl>
        {parts.map(({ id, title, content }) => (
          <section key={id} aria-label={title}>
            <h3 className={classes.part}>{title}</h3>
            {content}
          </section>
        ))}
      </div>
    </section>
  );
}

/** A fact; one that is missing is said to be, unless nobody would expect it. */
function Row({ name, children, optional = false }: { name: string; children: ReactNode; optional?: boolean }) {
  const { t } = useTranslation('reader');
  const missing = children === null || children === undefined || children === '';
  if (missing && optional) return null;
  return (
    <div className={classes.row}>
      <dt>{name}</dt>
      <dd data-missing={missing || undefined}>{missing ? t('info.unknown') : children}</dd>
    </div>
  );
}
