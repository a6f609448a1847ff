import { Button, Select } from '@mantine/core';
import { Plus } from 'lucide-react';
import { Fragment, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import { plainCsl } from '../../lib/csl';
import { formatBytes, formatDate } from '../../lib/format';
import { nameText } from '../../lib/names';
import { Fact } from './Fact';
import { claimsOf, fields, isWebAddress, namesOf, valueText, type Field, type FieldId } from './facts';
import classes from './InfoPanel.module.css';
import { LostPages } from './LostPages';
import type { InfoPart } from './slots';
import { mayEdit, mayRetryParse } from './state';
import { useTypeText } from './useTypeText';

interface Props {
  document: DocumentDetail;
  /** The file that is read, not always the document's newest; null for a work without one. */
  edition: Edition | null;
  /** As counted by the viewer, which knows it before the server does. */
  pageCount: number;
  onPage: (page: number) => void;
  /** What other parts of the app know. */
  parts?: readonly InfoPart[] | undefined;
}

/** What is known about the paper and its file, and who says so. */
export function InfoPanel({ document, edition, pageCount, onPage, parts = [] }: Props) {
  const { t } = useTranslation('reader');
  const [added, setAdded] = useState<FieldId>();
  const [adding, setAdding] = useState(false);
  const mayCorrect = mayEdit(document) && !document.trashed_at;
  const label = (field: FieldId) => t(`info.field.${field}`);
  const since = formatDate(document.added_at, 'numeric');
  const pages = edition?.page_count ?? pageCount;

  // The type is told from the rest where nobody says it, and a guest sees no claims.
  const value = (field: Field) => claimsOf(document, field.id).find(({ shown }) => shown)?.value ?? document.csl[field.id];
  const has = (field: Field) => valueText(field, value(field)) !== '';
  // A person's word that there is none can still be taken back.
  const listed = fields.filter((field) => has(field) || field.expected || field.id === added || claimsOf(document, field.id).some(({ source }) => source === 'person'));
  const absent = fields.filter((field) => !listed.includes(field));
  const fact = (field: Field) => (
    <Fact
      // A form that is open begins anew for a field that is added.
      key={field.id === added ? `${field.id} added` : field.id}
      document={document}
      field={field}
      label={label}
      mayCorrect={mayCorrect}
      editing={field.id === added}
      onEnd={field.id === added ? () => setAdded(undefined) : undefined}
    >
      {has(field) ? <Value field={field} value={value(field)} /> : null}
    </Fact>
  );
  const long = (field: Field) => field.kind === 'text';
  return (
    <section className={classes.panel} aria-label={t('info.title')}>
      <div className={classes.body} tabIndex={0} role="group" aria-label={t('info.title')}>
        {listed.filter(({ kind }) => kind === 'title').map((field) => (
          <div key={field.id} className={classes.title}>
            {fact(field)}
          </div>
        ))}
        <dl className={classes.list}>
          {listed
            .filter((field) => field.kind !== 'title' && !long(field))
            .map((field) => (
              <Row key={field.id} name={label(field.id)}>
                {fact(field)}
              </Row>
            ))}
        </dl>
        {listed.filter(long).map((field) => (
          <div key={field.id}>
            <h2 className={classes.part}>{label(field.id)}</h2>
            {fact(field)}
          </div>
        ))}
        {mayCorrect && absent.length > 0 ? (
          adding ? (
            <Select
              className={classes.add}
              aria-label={t('info.addField')}
              placeholder={t('info.fieldFind')}
              nothingFoundMessage={t('info.fieldNone')}
              data={absent.map(({ id }) => ({ value: id, label: label(id) }))}
              searchable
              autoFocus
              defaultDropdownOpened
              maxDropdownHeight={260}
              value={null}
              onChange={(id) => {
                setAdding(false);
                setAdded(absent.find((field) => field.id === id)?.id);
              }}
              onDropdownClose={() => setAdding(false)}
            />
          ) : (
            <Button
              className={classes.add}
              variant="subtle"
              size="compact-sm"
              leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
              onClick={() => setAdding(true)}
            >
              {t('info.addField')}
            </Button>
          )
        ) : null}
        <h2 className={classes.part}>{t('info.file')}</h2>
        <dl className={classes.list}>
          {edition ? (
            <>
              <Row name={t('info.fileName')}>{edition.filename}</Row>
              <Row name={t('info.size')}>{formatBytes(edition.size)}</Row>
              <Row name={t('info.length')}>{pages ? t('info.length', { count: pages }) : t('info.unknown')}</Row>
            </>
          ) : (
            <Row name={t('info.fileName')}>{t('info.noFile')}</Row>
          )}
          <Row name={t('info.added')}>
            {document.added_by ? t('info.addedBy', { date: since, name: document.added_by.name }) : since}
          </Row>
        </dl>
        {edition ? <LostPages documentId={document.id} edition={edition} mayRetry={mayEdit(document) && mayRetryParse(edition)} onPage={onPage} /> : null}
        {parts.map(({ id, title, content }) => (
          <section key={id} aria-label={title}>
            <h2 className={classes.part}>{title}</h2>
            {content}
          </section>
        ))}
      </div>
    </section>
  );
}

function Value({ field, value }: { field: Field; value: unknown }) {
  const { t } = useTranslation('reader');
  const typeText = useTypeText();
  const [all, setAll] = useState(false);
  const text = valueText(field, value);
  if (field.kind === 'names') {
    const names = namesOf(value);
    // A collaboration of hundreds is not what one looks for here.
    const shown = all || names.length <= mostNames + 2 ? names : names.slice(0, mostNames);
    return (
      <>
        <ul className={classes.authors}>
          {shown.map((name, index) => (
            <li key={index}>{nameText(name)}</li>
          ))}
        </ul>
        {shown.length < names.length ? (
          <button type="button" className={classes.more} onClick={() => setAll(true)}>
            {t('info.moreNames', { count: names.length - shown.length })}
          </button>
        ) : null}
      </>
    );
  }
  if (field.kind === 'type') return typeText(value);
  const address = field.kind === 'doi' ? `https://doi.org/${encodeURI(text)}` : text;
  if ((field.kind === 'doi' || field.kind === 'url') && isWebAddress(address)) {
    return (
      <a className={classes.link} href={address} target="_blank" rel="noopener noreferrer">
        <Breakable text={text} />
      </a>
    );
  }
  return plainCsl(text);
}

/** An address that is broken, where it must be, at its own signs. */
function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[/._-])/).map((part, i) => (
    <Fragment key={i}>
      {i > 0 ? <wbr /> : null}
      {part}
    </Fragment>
  ));
}

const mostNames = 12;

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.row}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
