import { Button, Loader, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { deletedQuery } from './api';
import { Body } from './Body';
import { useDiscussion } from './Discussion';
import classes from './HistoryDialog.module.css';

/** What one has deleted here in the last 30 days, each with its way back. */
export function DeletedDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('annotation');
  const { t: app } = useTranslation('app');
  const { documentId, marks, act } = useDiscussion();
  const { data, error } = useQuery(deletedQuery(documentId));
  // What came back is among the others.
  const left = data?.filter(({ id }) => !marks.some((mark) => mark.id === id));
  return (
    <Modal opened onClose={onClose} title={t('deleted.title')} size={520} closeButtonProps={{ 'aria-label': app('close') }}>
      {error ? <p role="alert">{sentence(error)}</p> : null}
      {!data && !error ? <Loader /> : null}
      {left?.length === 0 ? <p>{t('deleted.none')}</p> : null}
      <ol className={classes.list}>
        {left?.map((mark) => (
          <li key={mark.id} className={classes.item}>
            <div className={classes.text}>
              <p className={classes.head}>
                <strong>{mark.author.name}</strong>
                {mark.deleted_at ? (
                  <time className={classes.time} dateTime={mark.deleted_at}>
                    {t('deleted.at', { at: formatMoment(mark.deleted_at) })}
                  </time>
                ) : null}
              </p>
              {mark.body ? <Body text={mark.body} /> : <p className={classes.head}>{mark.anchor.exact || t(`kind.${mark.kind}`)}</p>}
            </div>
            <Button variant="default" size="compact-sm" onClick={() => act.restore(mark)}>
              {t('deleted.restore')}
            </Button>
          </li>
        ))}
      </ol>
    </Modal>
  );
}
