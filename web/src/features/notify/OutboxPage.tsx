import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Archive, Check, CircleAlert, Clock } from 'lucide-react';
import { Fragment, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutboxMail } from '../../lib/api';
import { formatAgo, formatMoment } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { toast, toastError } from '../../ui/toast';
import { outboxQuery, sendAgain } from './api';
import classes from './OutboxPage.module.css';

const filters = ['all', 'waiting', 'sent', 'kept', 'failed'] as const;

/** The mails of this server, for who runs it: what went out, what did not, and why. */
export function OutboxPage() {
  const { t } = useTranslation('notify');
  const client = useQueryClient();
  const [filter, setFilter] = useState<(typeof filters)[number]>('all');
  const outbox = useInfiniteQuery(outboxQuery(filter));
  const mails = useMemo(() => outbox.data?.pages.flatMap((page) => page.items) ?? [], [outbox.data]);
  const sends = outbox.data?.pages[0]?.sends;
  const [shown, setShown] = useState<string>();
  const again = useMutation({
    mutationFn: (mail: OutboxMail) => sendAgain(mail.id),
    onSuccess: () => toast(t('outbox.queued')),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: ['outbox'] }),
  });
  return (
    <section className={classes.page}>
      <header className={classes.top}>
        <h1 className={classes.title}>{t('outbox.title')}</h1>
        <SegmentedControl
          size="xs"
          aria-label={t('outbox.filter')}
          value={filter}
          onChange={(value) => setFilter(value as (typeof filters)[number])}
          data={filters.map((value) => ({ value, label: t(`outbox.${value}`) }))}
        />
      </header>
      {sends === undefined ? null : <p className={classes.text}>{sends ? t('outbox.sends') : t('outbox.keeps')}</p>}
      {outbox.error ? (
        <p className={classes.problem} role="alert">
          {sentence(outbox.error)}
        </p>
      ) : null}
      {outbox.data && mails.length === 0 ? <p className={classes.text}>{t('outbox.empty')}</p> : null}
      {mails.length > 0 ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('outbox.to')}</th>
              <th scope="col">{t('outbox.subject')}</th>
              <th scope="col">{t('outbox.state')}</th>
              <th scope="col" className={classes.when}>
                {t('outbox.when')}
              </th>
            </tr>
          </thead>
          <tbody>
            {mails.map((mail) => (
              <Fragment key={mail.id}>
                <tr>
                  <th scope="row">
                    <div className={classes.name}>{mail.name}</div>
                    <div className={classes.address}>{mail.address}</div>
                  </th>
                  <td>
                    {mail.subject || <span className={classes.quiet}>{t(`outbox.unwritten_${mail.kind}`)}</span>}
                    <div className={classes.actions}>
                      {mail.text ? (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          aria-label={t('outbox.showLabel', { name: mail.name })}
                          aria-expanded={shown === mail.id}
                          onClick={() => setShown(shown === mail.id ? undefined : mail.id)}
                        >
                          {t('outbox.show')}
                        </Button>
                      ) : null}
                      {mail.state === 'failed' || (mail.state === 'kept' && sends) ? (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          aria-label={t('outbox.againLabel', { name: mail.name })}
                          onClick={() => again.mutate(mail)}
                        >
                          {t('outbox.again')}
                        </Button>
                      ) : null}
                    </div>
                  </td>
                  <td>
                    <State mail={mail} />
                  </td>
                  <td className={`${classes.when} tabular`} title={formatMoment(mail.ended_at ?? mail.due_at)}>
                    {mail.state === 'waiting' ? formatAgo(mail.created_at) : formatAgo(mail.ended_at ?? mail.created_at)}
                  </td>
                </tr>
                {shown === mail.id ? (
                  <tr>
                    <td colSpan={4}>
                      <pre className={classes.mail} tabIndex={0} aria-label={mail.subject}>
                        {mail.text}
                      </pre>
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      ) : null}
      {outbox.hasNextPage ? (
        <Button variant="subtle" onClick={() => void outbox.fetchNextPage()}>
          {t('outbox.older')}
        </Button>
      ) : null}
    </section>
  );
}

function State({ mail }: { mail: OutboxMail }) {
  const { t } = useTranslation('notify');
  const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true };
  const sign = { waiting: <Clock {...icon} />, sent: <Check {...icon} />, kept: <Archive {...icon} />, failed: <CircleAlert {...icon} /> };
  return (
    <>
      <span className={classes.state} data-state={mail.state}>
        {sign[mail.state]}
        {t(`outbox.${mail.state}`)}
      </span>
      {mail.state !== 'sent' && mail.last_error ? (
        <div className={classes.reason}>
          {t('outbox.tries', { count: mail.attempts })}: {mail.last_error}
        </div>
      ) : null}
    </>
  );
}
