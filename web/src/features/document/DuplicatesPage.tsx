import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { toast, toastError } from '../../ui/toast';
import { duplicatesQuery, keepApart, type DuplicateGroup } from './api';
import classes from './DocumentsPage.module.css';
import own from './DuplicatesPage.module.css';
import { KeptChoice, likelyKept } from './KeptChoice';
import { SkeletonRows } from './SkeletonRows';
import { useDocumentActions } from './useDocumentActions';
import { useDelayed } from '../../ui/useDelayed';

interface Props {
  libraryId: string;
  mayEdit: boolean;
}

/** Documents that are probably one work: to merge, or to keep apart. */
export function DuplicatesPage({ libraryId, mayEdit }: Props) {
  const { t } = useTranslation('document');
  const client = useQueryClient();
  const query = useQuery(duplicatesQuery(libraryId));
  const actions = useDocumentActions(libraryId);
  const waiting = useDelayed(query.isPending);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const groups = query.data?.groups ?? [];
  const sure = groups.filter((group) => group.likeness === 'doi');

  const apart = async (group: DuplicateGroup, yes: boolean) => {
    try {
      await keepApart(libraryId, group.documents.map(({ id }) => id), yes);
      if (yes) toast(t('duplicates.keptApart'), { action: { label: t('undo'), run: () => void apart(group, false) } });
    } catch (error) {
      toastError(error);
    }
    void client.invalidateQueries({ queryKey: duplicatesQuery(libraryId).queryKey });
  };
  const mergeSure = async () => {
    setBusy(true);
    await actions.mergeAll(
      sure.map((group) => {
        const kept = likelyKept(group.documents);
        return { kept, others: group.documents.map(({ id }) => id).filter((id) => id !== kept) };
      }),
    );
    setBusy(false);
    setAsking(false);
  };

  return (
    <section className={classes.page}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <h1 className={classes.title}>{t('duplicates.title')}</h1>
          {query.data ? (
            <span className={`${classes.count} tabular`} role="status">
              {t('duplicates.count', { count: query.data.total, n: formatNumber(query.data.total) })}
            </span>
          ) : null}
        </div>
        {mayEdit && sure.length > 1 ? (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('duplicates.mergeSure', { n: formatNumber(sure.length) })}
          </Button>
        ) : null}
      </header>
      <div className={classes.rule} />
      {query.error && !query.data ? (
        <p className={classes.problem} role="alert">
          {sentence(query.error)}
        </p>
      ) : query.data && groups.length === 0 ? (
        <div className={classes.nothing}>
          <p>{t('duplicates.nothing')}</p>
          {t('duplicates.nothingText')}
        </div>
      ) : query.data ? (
        <div className={own.groups}>
          {groups.map((group) => (
            <Group
              key={group.documents.map(({ id }) => id).join()}
              group={group}
              mayEdit={mayEdit}
              onMerge={(kept, others) => void actions.merge(kept, others)}
              onApart={() => void apart(group, true)}
            />
          ))}
          {query.data.total > groups.length ? <p className={own.more}>{t('duplicates.more', { n: formatNumber(query.data.total - groups.length) })}</p> : null}
        </div>
      ) : waiting ? (
        <SkeletonRows density="normal" label={t('list.loading')} />
      ) : null}
      <ConfirmDialog
        opened={asking}
        busy={busy}
        title={t('duplicates.sureTitle', { count: sure.length, n: formatNumber(sure.length) })}
        body={t('duplicates.sureText')}
        confirm={t('merge.submit')}
        onConfirm={() => void mergeSure()}
        onClose={() => setAsking(false)}
      />
    </section>
  );
}

interface GroupProps {
  group: DuplicateGroup;
  mayEdit: boolean;
  onMerge: (kept: string, others: string[]) => void;
  onApart: () => void;
}

function Group({ group, mayEdit, onMerge, onApart }: GroupProps) {
  const { t } = useTranslation('document');
  const [kept, setKept] = useState(() => likelyKept(group.documents));
  const title = useId();
  return (
    <section className={own.group} aria-labelledby={title}>
      <h2 id={title} className={own.why}>
        {t(`duplicates.why.${group.likeness}`)}
      </h2>
      <KeptChoice documents={group.documents} kept={kept} onKept={setKept} disabled={!mayEdit} />
      <div className={own.actions}>
        {mayEdit ? (
          <>
            <Button size="xs" onClick={() => onMerge(kept, group.documents.map(({ id }) => id).filter((id) => id !== kept))}>
              {t('merge.submit')}
            </Button>
            <Button size="xs" variant="default" onClick={onApart}>
              {t('duplicates.apart')}
            </Button>
          </>
        ) : null}
        <span className={own.look}>
          {group.documents.map((document, i) => (
            <Link key={document.id} className={classes.link} to="/d/$documentId" params={{ documentId: document.id }} aria-label={t('duplicates.open', { title: document.title })}>
              {t('duplicates.look', { n: formatNumber(i + 1) })}
            </Link>
          ))}
        </span>
      </div>
    </section>
  );
}
