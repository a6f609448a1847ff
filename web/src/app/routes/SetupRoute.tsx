import { Anchor } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountForm } from '../../features/identity/AccountForm';
import { setUp } from '../../features/identity/api';
import { AuthPage } from '../../features/identity/AuthPage';
import { useTitle } from '../useTitle';
import { enter } from './enter';
import { useFragmentSecret } from './useFragmentSecret';

/** The first visit: the owner's account, by the one-time link. */
export function SetupRoute() {
  const { t } = useTranslation('identity');
  const client = useQueryClient();
  const navigate = useNavigate();
  const secret = useFragmentSecret();
  const [done, setDone] = useState(false);
  useTitle(t('setup.title'));
  const toSignIn = (
    <Anchor component={Link} to="/sign-in">
      {t('setup.toSignIn')}
    </Anchor>
  );
  if (!secret) {
    return (
      <AuthPage title={t('setup.title')} text={t('setup.noSecret')} below={toSignIn}>
        {null}
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t('setup.title')} text={t('setup.text')} below={done ? toSignIn : undefined}>
      <AccountForm
        submit={t('setup.submit')}
        onSubmit={async (account) => {
          try {
            enter(client, await setUp({ ...account, secret }));
          } catch (error) {
            setDone(true);
            throw error;
          }
          await navigate({ to: '/', replace: true });
        }}
      />
    </AuthPage>
  );
}
