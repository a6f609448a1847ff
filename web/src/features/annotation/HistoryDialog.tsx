import { Loader, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Annotation, AnnotationHistory, Meaning } from '../../lib/api';
import { formatMoment } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { historyQuery, type MeaningNames } from './api';
import { Body } from './Body';
import { useDiscussion } from './Discussion';
import classes from './HistoryDialog.module.css';
import { meanings } from './meanings';

/** What became of a mark and its replies, newest first. */
export function HistoryDialog({ mark, onClose }: { mark: Annotation; onClose: () => void }) {
  const { t } = useTranslation('annotation');
  const { t: app } = useTranslation('app');
  const { names } = useDiscussion();
  const { data, error } = useQuery(historyQuery(mark.id));
  return (
    <Modal opened onClose={onClose} title={t('history.title')} size={520} closeButtonProps={{ 'aria-label': app('close') }}>
      {error ? <p role="alert">{sentence(error)}</p> : null}
      {!data && !error ? <Loader /> : null}
      <ol className={classes.list}>
        {data?.items.toReversed().map((item, i) => (
          <li key={i} className={classes.item}>
            <PersonAvatar id={item.by.id ?? item.by.name} name={item.by.name} size={22} decorative />
            <div className={classes.text}>
              <p className={classes.head}>
                <strong>{item.by.name}</strong> {whatWords(item, t, names)}
                <time className={classes.time} dateTime={item.at}>
                  {formatMoment(item.at)}
                </time>
              </p>
              {item.what === 'body' && item.before ? (
                <div className={classes.before}>
                  <Body text={item.before} />
                </div>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </Modal>
  );
}

type Translate = ReturnType<typeof useTranslation<'annotation'>>['t'];

function whatWords(item: AnnotationHistory[number], t: Translate, names: MeaningNames): string {
  const after = item.after ?? '';
  const meaning = meanings.find((known): known is Meaning => known === after);
  const reply = item.reply_id !== null;
  switch (item.what) {
    case 'meaning':
      return t('history.meaning', { after: meaning ? names[meaning] : after });
    case 'shared':
      return t(after === 'private' ? 'history.madePrivate' : 'history.shared');
    case 'assigned':
      return after ? t('history.assigned', { after }) : t('history.unassigned');
    case 'made':
      return t(reply ? 'history.replied' : 'history.made');
    case 'body':
      return t(reply ? 'history.editedReply' : 'history.body');
    case 'deleted':
      return t(reply ? 'history.deletedReply' : 'history.deleted');
    default:
      return t(`history.${item.what}`);
  }
}
