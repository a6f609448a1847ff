import { Check, CircleAlert, Clock, CornerUpLeft, ShieldCheck, Trash2, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail, Edition } from '../../lib/api';
import type { Connection, Place } from '../../pdfview/types';
import { Keys } from '../../ui/Keys';
import { Ring } from '../../ui/Ring';
import classes from './Footer.module.css';
import { isLocked } from './state';

interface Props {
  document: DocumentDetail;
  edition: Edition;
  connection: Connection;
  back: Place | undefined;
  /** How what other parts keep stands. */
  status?: ReactNode;
  /** Undefined when it cannot help, or this person may not. */
  onRetry: (() => void) | undefined;
  onReconnect: () => void;
  onBack: () => void;
}

/** How the file stands, and the way back after a jump. */
export function Footer({ document, edition, connection, back, status, onRetry, onReconnect, onBack }: Props) {
  const { t } = useTranslation('reader');
  return (
    <footer className={classes.footer}>
      {status}
      {connection === 'fine' ? (
        <ParseState edition={edition} onRetry={onRetry} />
      ) : (
        <State icon={<WifiOff {...icon} className={classes.bad} />} alert>
          {t(connection === 'lost' ? 'footer.lost' : connection === 'signed-out' ? 'footer.signedOut' : 'footer.refused')}
          {connection === 'lost' ? (
            <button type="button" className={classes.link} onClick={onReconnect}>
              {t('footer.tryNow')}
            </button>
          ) : null}
        </State>
      )}
      {document.trashed_at ? <State icon={<Trash2 {...icon} />}>{t('state.trashed')}</State> : null}
      <span className={classes.space} />
      {back ? (
        <button type="button" className={classes.back} onClick={onBack}>
          <CornerUpLeft {...icon} />
          {t('footer.back', { page: back.page })}
          <span className={classes.keys}>
            <Keys keys="Alt+ArrowLeft" />
          </span>
        </button>
      ) : null}
    </footer>
  );
}

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

function ParseState({ edition, onRetry }: Pick<Props, 'edition' | 'onRetry'>) {
  const { t } = useTranslation('reader');
  const later = <span className={classes.later}>{t('state.later')}</span>;
  switch (edition.state) {
    case 'queued':
      return (
        <State icon={<Clock {...icon} />}>
          {t('state.queued')} {later}
        </State>
      );
    case 'checking':
      return (
        <State icon={<ShieldCheck {...icon} />}>
          {t('state.checking')} {later}
        </State>
      );
    case 'parsing': {
      const { pages_done: done, page_count: total } = edition;
      return (
        <State icon={<Ring value={total ? (done ?? 0) / total : 0} />}>
          <span className={classes.strong}>
            {total ? t('state.parsingPages', { done: done ?? 0, total }) : t('state.parsing')}
          </span>{' '}
          {later}
        </State>
      );
    }
    case 'ready':
      return <State icon={<Check {...icon} className={classes.ok} />}>{edition.failed_page_count > 0 ? t('state.readyBut', { count: edition.failed_page_count }) : t('state.ready')}</State>;
    case 'failed':
      return (
        <State icon={<CircleAlert {...icon} className={classes.bad} />}>
          <span className={classes.reason}>{reasonOf(edition, t)}</span>
          {onRetry ? (
            <button type="button" className={classes.link} onClick={onRetry}>
              {t('state.retry')}
            </button>
          ) : null}
        </State>
      );
  }
}

function State({ icon, alert = false, children }: { icon: ReactNode; alert?: boolean; children: ReactNode }) {
  return (
    <span className={classes.state} role={alert ? 'alert' : undefined}>
      {icon}
      <span className={classes.words}>{children}</span>
    </span>
  );
}

type Translate = ReturnType<typeof useTranslation<'reader'>>['t'];

function reasonOf(edition: Edition, t: Translate): string {
  if (isLocked(edition)) return t('state.locked');
  const { failure } = edition;
  const reason = failure ? t(`reason.${failure.kind}`, { defaultValue: failure.message }) : '';
  return t('state.failed', { reason });
}
