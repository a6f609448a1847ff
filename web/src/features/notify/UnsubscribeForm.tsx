import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';
import { unsubscribe } from './api';

/** One button that ends my mail. A click and not the visit: programs open links too. */
export function UnsubscribeForm({ token }: { token: string }) {
  const { t } = useTranslation('notify');
  const end = useMutation({ mutationFn: () => unsubscribe(token) });
  if (end.isSuccess) return <p role="status">{t('unsubscribe.done')}</p>;
  return (
    <>
      {end.error ? (
        <p role="alert" style={{ color: 'var(--bad)' }}>
          {sentence(end.error)}
        </p>
      ) : null}
      <Button fullWidth mt={16} loading={end.isPending} onClick={() => end.mutate()} autoFocus>
        {t('unsubscribe.confirm')}
      </Button>
    </>
  );
}
