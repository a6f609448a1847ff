import { Button } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Edition } from '../../lib/api';
import { toast, toastError } from '../../ui/toast';
import { useRetry } from './api';
import classes from './InfoPanel.module.css';
import { lostRuns } from './lostPages';

interface Props {
  documentId: string;
  edition: Edition;
  /** Whether reading the file once more can help, and this person may have it read. */
  mayRetry: boolean;
  onPage: (page: number) => void;
}

/** Which pages have no text because they could not be read, and what can be done. */
export function LostPages({ documentId, edition, mayRetry, onPage }: Props) {
  const { t } = useTranslation('reader');
  const retry = useRetry(documentId);
  // Which reading was found wanting; the next one says for itself how it went.
  const [asked, setAsked] = useState<string | null>();
  if (edition.failed_page_count === 0) return null;
  const { runs, more } = lostRuns(edition);
  const going = retry.isPending || asked === edition.parsed_at;
  return (
    <div className={classes.lost}>
      <p>
        {t('info.lost.count', { count: edition.failed_page_count })}{' '}
        {runs.map(({ from, to, kind }, i) => (
          <Fragment key={from}>
            {i > 0 ? ', ' : null}
            <button type="button" className={classes.more} aria-label={t('panel.goToPage', { page: from })} onClick={() => onPage(from)}>
              {from === to ? from : `${from}–${to}`}
            </button>{' '}
            ({t(`info.lost.kind.${kind}`, { defaultValue: t('info.lost.kind.damaged') })})
          </Fragment>
        ))}
        {more > 0 ? `, ${t('info.lost.more', { count: more })}` : null}. {t('info.lost.but', { count: edition.failed_page_count })}
      </p>
      {mayRetry ? (
        <Button
          variant="default"
          size="compact-sm"
          disabled={going}
          onClick={() =>
            retry.mutate(edition.id, {
              onSuccess: () => {
                setAsked(edition.parsed_at);
                toast(t('state.retried'));
              },
              onError: (error) => toastError(error),
            })
          }
        >
          {t(going ? 'info.lost.going' : 'info.lost.again')}
        </Button>
      ) : null}
    </div>
  );
}
