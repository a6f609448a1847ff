import { Button } from '@mantine/core';
import { FileX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LoadFailure } from '../../pdfview/types';
import classes from './Cover.module.css';

interface Props {
  failure: LoadFailure;
  downloadUrl: string;
  onRetry: () => void;
}

// Where trying again can help, and where the bytes are there to be had.
const retried: readonly LoadFailure[] = ['unreachable', 'unknown', 'signed-out'];
const downloaded: readonly LoadFailure[] = ['damaged', 'unknown'];

/** Stands in for the pages when the file cannot be shown. */
export function OpenProblem({ failure, downloadUrl, onRetry }: Props) {
  const { t } = useTranslation('reader');
  return (
    <div className={classes.cover} role="alert">
      <div className={classes.card}>
        <FileX size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
        <p className={classes.text} data-main>
          {t(`open.${failure}`)}
        </p>
        {retried.includes(failure) ? <Button onClick={onRetry}>{t('open.retry')}</Button> : null}
        {downloaded.includes(failure) ? (
          <Button component="a" href={downloadUrl} download variant="default">
            {t('open.download')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
