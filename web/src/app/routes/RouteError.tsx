import { Button } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { mayRetry, sentence } from '../../lib/problem';
import { Notice } from '../shell/Notice';

/** A page that could not be shown, and why. Comes back by itself with the connection. */
export function RouteError({ error }: ErrorComponentProps) {
  const { t } = useTranslation('app');
  const router = useRouter();
  const passing = mayRetry(error);
  useEffect(() => {
    if (!passing) {
      console.error(error);
      return undefined;
    }
    const timer = setInterval(() => void router.invalidate(), 5000);
    return () => clearInterval(timer);
  }, [error, passing, router]);
  return (
    <Notice alone title={passing ? t('error.offline') : t('error.title')} text={sentence(error)}>
      <Button variant="default" onClick={() => void router.invalidate()}>
        {t('error.again')}
      </Button>
    </Notice>
  );
}
