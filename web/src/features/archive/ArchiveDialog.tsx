import { Button, Checkbox, Group, Modal, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Library } from '../../lib/api';
import { formatBytes, formatMoment, formatNumber } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { toastError } from '../../ui/toast';
import { archivesQuery, beginArchive, discardArchive, download, type Archive } from './api';
import classes from './ArchiveDialog.module.css';

interface Props {
  /** None: closed. */
  library: Library | undefined;
  onClose: () => void;
}

/** A whole library as a ZIP: prepared on the server, then saved. */
export function ArchiveDialog({ library, onClose }: Props) {
  const { t } = useTranslation('archive');
  const { t: app } = useTranslation('app');
  return (
    <Modal
      opened={library !== undefined}
      onClose={onClose}
      title={t('title', { library: library?.name ?? '' })}
      size={480}
      closeButtonProps={{ 'aria-label': app('close') }}
    >
      {library ? <Body libraryId={library.id} /> : null}
    </Modal>
  );
}

function Body({ libraryId }: { libraryId: string }) {
  const { t } = useTranslation('archive');
  const client = useQueryClient();
  const { queryKey } = archivesQuery(libraryId);
  const { data, error } = useQuery(archivesQuery(libraryId));
  const [anew, setAnew] = useState(false);
  const [withPrivate, setWithPrivate] = useState(true);
  const begin = useMutation({
    mutationFn: () => beginArchive(libraryId, withPrivate),
    onSuccess: (made) => {
      client.setQueryData(queryKey, (list: Archive[] | undefined) => [made, ...(list ?? [])]);
      setAnew(false);
    },
    onError: toastError,
  });
  const cancel = useMutation({
    mutationFn: discardArchive,
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const [archive] = data ?? [];
  if (error && !data) {
    return (
      <p className={classes.problem} role="alert">
        {sentence(error)}
      </p>
    );
  }
  if (!data) return null;
  const counts = archive ? `${t('works', count(archive.works))} · ${t('files', count(archive.files))}` : '';
  if (archive?.state === 'preparing') {
    return (
      <>
        <p className={`${classes.line} tabular`} role="status">
          {t('preparing')} {archive.works > 0 ? counts : ''}
        </p>
        <Progress value={100 * archive.progress} aria-label={t('progress')} mb="sm" />
        <p className={classes.text}>{t('leave')}</p>
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(archive.id)}>
          {t('cancel')}
        </Button>
      </>
    );
  }
  if (archive?.state === 'ready' && !anew) {
    return (
      <>
        <div role="status">
          <p className={classes.line}>{t('ready', { size: formatBytes(archive.size), at: formatMoment(archive.created_at) })}</p>
          <p className={`${classes.text} tabular`}>{counts}</p>
          {archive.missing > 0 ? <p className={classes.problem}>{t('missing', count(archive.missing))}</p> : null}
        </div>
        <Group gap="xs">
          <Button
            data-autofocus
            leftSection={<Download size={16} strokeWidth={1.75} aria-hidden />}
            onClick={() => {
              download(archive.id).catch(toastError);
            }}
          >
            {t('download')}
          </Button>
          <Button variant="default" onClick={() => setAnew(true)}>
            {t('again')}
          </Button>
        </Group>
      </>
    );
  }
  return (
    <>
      {archive?.state === 'failed' && !anew ? (
        <p className={classes.problem} role="alert">
          {archive.failure}
        </p>
      ) : null}
      <p className={classes.text}>{t('what')}</p>
      <Checkbox
        label={t('private')}
        description={t('privateNote')}
        checked={withPrivate}
        onChange={(event) => setWithPrivate(event.currentTarget.checked)}
        mb="md"
      />
      <Button data-autofocus loading={begin.isPending} onClick={() => begin.mutate()}>
        {t('prepare')}
      </Button>
    </>
  );
}

const count = (n: number) => ({ count: n, n: formatNumber(n) });
