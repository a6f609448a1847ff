import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format';
import { useKeys } from '../../lib/keys';
import { sentence } from '../../lib/problem';
import type { DocumentListParams } from '../../lib/queryKeys';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useDelayed } from '../../ui/useDelayed';
import { documentListQuery } from './api';
import classes from './DocumentsPage.module.css';
import { DocumentTable } from './DocumentTable';
import { SelectionBar } from './SelectionBar';
import { SkeletonRows } from './SkeletonRows';
import { useDocumentActions } from './useDocumentActions';
import { useSelection } from './useSelection';

interface Props {
  libraryId: string;
  mayEdit: boolean;
  mayPurge: boolean;
}

const params: DocumentListParams = { sort: 'added', order: 'desc', q: '', state: 'all', trashed: true };

/** What was deleted: back into the library, or gone for good. */
export function TrashPage({ libraryId, mayEdit, mayPurge }: Props) {
  const { t } = useTranslation('document');
  const list = useInfiniteQuery(documentListQuery(libraryId, params));
  const documents = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages.at(-1)?.total ?? 0;
  const selection = useSelection(useMemo(() => documents.map((document) => document.id), [documents]));
  const [purging, setPurging] = useState<string[]>([]);
  const actions = useDocumentActions(libraryId);
  const waiting = useDelayed(list.isPending);

  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const needMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const { clear } = selection;
  useKeys([{ keys: 'Esc', run: clear }], selection.ids.size > 0);

  return (
    <section className={classes.page}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <h1 className={classes.title}>{t('trash.title')}</h1>
          {list.data ? (
            <span className={`${classes.count} tabular`} role="status">
              {t('list.count', { count: total, n: formatNumber(total) })}
            </span>
          ) : null}
        </div>
        {mayPurge && documents.length > 0 ? (
          <Button
            variant="default"
            leftSection={<Trash2 size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => setPurging(documents.map((document) => document.id))}
          >
            {documents.length < total ? t('trash.purgeShown', { n: formatNumber(documents.length) }) : t('trash.empty')}
          </Button>
        ) : null}
      </header>
      <div className={classes.rule} />
      {list.error && !list.data ? (
        <p className={classes.problem} role="alert">
          {sentence(list.error)}
        </p>
      ) : list.data && total === 0 ? (
        <div className={classes.nothing}>
          <p>{t('trash.nothing')}</p>
          {t('trash.nothingText')}
        </div>
      ) : list.data ? (
        <DocumentTable
          label={t('trash.title')}
          documents={documents}
          total={total}
          placeKey={`${libraryId} trash`}
          mode="trash"
          density="normal"
          selection={selection}
          onNeedMore={needMore}
          onRestore={mayEdit ? (document) => void actions.restore([document.id]) : undefined}
          onPurge={mayPurge ? (document) => setPurging([document.id]) : undefined}
        />
      ) : waiting ? (
        <SkeletonRows density="normal" label={t('list.loading')} />
      ) : null}
      <SelectionBar count={selection.ids.size} onClear={clear}>
        {mayEdit ? (
          <SelectionBar.Action
            icon="restore"
            onClick={() => {
              clear();
              void actions.restore([...selection.ids]);
            }}
          >
            {t('trash.restore')}
          </SelectionBar.Action>
        ) : null}
        {mayPurge ? (
          <SelectionBar.Action icon="delete" onClick={() => setPurging([...selection.ids])}>
            {t('trash.purge')}
          </SelectionBar.Action>
        ) : null}
      </SelectionBar>
      <ConfirmDialog
        opened={purging.length > 0}
        title={t('trash.confirmTitle', { count: purging.length, n: formatNumber(purging.length) })}
        body={t('trash.confirmText')}
        confirm={t('trash.purge')}
        danger
        onConfirm={() => {
          clear();
          setPurging([]);
          void actions.purge(purging);
        }}
        onClose={() => setPurging([])}
      />
    </section>
  );
}
