import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../../features/identity/api';
import { OutboxPage } from '../../features/notify/OutboxPage';
import { Notice } from '../shell/Notice';
import { useTitle } from '../useTitle';

export function OutboxRoute() {
  const { t } = useTranslation('app');
  const { t: words } = useTranslation('notify');
  const { person } = useSuspenseQuery(sessionQuery()).data;
  useTitle(t('nav.outbox'));
  if (!person.is_operator) return <Notice title={t('nav.outbox')} text={words('outbox.forOperator')} />;
  return <OutboxPage />;
}
