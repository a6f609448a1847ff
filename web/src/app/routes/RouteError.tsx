import { Button } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf, sentence } from '../../lib/problem';
import { Notice } from '../shell/Notice';

/** A page that could not be shown, and why. Comes back by itself with the connection. */
export function RouteError({ error }: ErrorComponentProps) {
  const { t } = useTranslation('app');
  const router = useRouter();
  const offline = problemOf(error).code === 'offline';
  useEffect(() => {
    if (!offline) {
      console.error(error);
      return undefined;
    }
    const timer = setInterval(() => void router.invalidate(), 5000);
    return () => clearInterval(timer);
  }, [error, offline, router]);
  return (
    <Notice alone title={offline ? t('error.offline') : t('error.title')} text={sentence(error)}>
      <Button variant="default" onClick={() => void router.invalidate()}>
        {t('error.again')}
      </Button>
    </Notice>
  );
}
