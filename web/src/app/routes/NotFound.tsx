import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../useTitle';
import { Notice } from '../shell/Notice';

export function NotFound() {
  const { t } = useTranslation('app');
  useTitle(t('notFound.title'));
  return (
    <Notice alone title={t('notFound.title')} text={t('notFound.text')}>
      <Anchor component={Link} to="/">
        {t('notFound.home')}
      </Anchor>
    </Notice>
  );
}
