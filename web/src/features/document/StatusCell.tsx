import { Check, CircleAlert, Clock, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Edition } from '../../lib/api';
import { Ring } from '../../ui/Ring';
import classes from './StatusCell.module.css';

interface Props {
  edition: Edition | null;
  onRetry: (() => void) | undefined;
  onPassword: (() => void) | undefined;
}

/**
 * Where a file is on its way: Queued, Checking, Parsing 12/40, Ready; or Failed
 * with the reason and what to do about it, in the cell itself.
 */
export function StatusCell({ edition, onRetry, onPassword }: Props) {
  const { t } = useTranslation('document');
  if (!edition) return <span className={classes.quiet}>{t('state.none')}</span>;
  switch (edition.state) {
    case 'queued':
      return (
        <span className={classes.status}>
          <Clock className={classes.quiet} size={15} strokeWidth={1.75} aria-hidden />
          {t('state.queued')}
        </span>
      );
    case 'checking':
      return (
        <span className={classes.status}>
          <ShieldCheck size={15} strokeWidth={1.75} aria-hidden />
          {t('state.checking')}
        </span>
      );
    case 'parsing': {
      const { pages_done: done, page_count: count } = edition;
      return (
        <span className={classes.status}>
          <Ring value={count ? (done ?? 0) / count : 0} />
          <span className={classes.parsing}>{t('state.parsing')}</span>
          {count ? <span className="tabular">{`${done ?? 0}/${count}`}</span> : null}
        </span>
      );
    }
    case 'ready':
      return (
        <span className={classes.status} data-ready>
          <Check className={classes.ok} size={15} strokeWidth={1.75} aria-hidden />
          <span className={classes.word}>{t('state.ready')}</span>
        </span>
      );
    case 'failed': {
      const kind = edition.failure?.kind;
      const reason = reasonOf(edition.failure, t);
      const locked = kind === 'password_required' || kind === 'wrong_password';
      const act = locked ? onPassword : onRetry;
      return (
        <span className={classes.failed}>
          <span className={classes.status}>
            <CircleAlert className={classes.bad} size={15} strokeWidth={1.75} aria-hidden />
            <span className={classes.failedWord}>{locked ? t('state.locked') : t('state.failed')}</span>
            {act ? (
              <button type="button" className={classes.link} onClick={act}>
                {locked ? t('state.enterPassword') : t('state.retry')}
              </button>
            ) : null}
          </span>
          <span className={classes.reason} title={reason}>
            {reason}
          </span>
        </span>
      );
    }
  }
}

type Translate = ReturnType<typeof useTranslation<'document'>>['t'];

/** The reason in a few words where we have some for its kind, else as the server gives it. */
function reasonOf(failure: Edition['failure'], t: Translate): string {
  if (!failure) return '';
  return t(`failure.${failure.kind}`, { defaultValue: failure.message });
}
