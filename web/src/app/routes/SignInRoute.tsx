import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AuthPage } from '../../features/identity/AuthPage';
import { SignInForm } from '../../features/identity/SignInForm';
import { useTitle } from '../useTitle';
import { enter } from './enter';

const route = getRouteApi('/sign-in');

export function SignInRoute() {
  const { t } = useTranslation('identity');
  const client = useQueryClient();
  const router = useRouter();
  const { then } = route.useSearch();
  useTitle(t('signIn.title'));
  return (
    <AuthPage title={t('signIn.title')} below={t('signIn.noAccount')}>
      <SignInForm
        onSignedIn={(session) => {
          enter(client, session);
          router.history.replace(then ?? '/');
        }}
      />
    </AuthPage>
  );
}
