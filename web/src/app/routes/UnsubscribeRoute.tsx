import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AuthPage } from '../../features/identity/AuthPage';
import { UnsubscribeForm } from '../../features/notify/UnsubscribeForm';
import { useTitle } from '../useTitle';
import { useFragmentSecret } from './useFragmentSecret';

/** Where the link at the end of a mail leads, signed in or not. */
export function UnsubscribeRoute() {
  const { t } = useTranslation('notify');
  const token = useFragmentSecret();
  useTitle(t('unsubscribe.title'));
  return (
    <AuthPage
      title={t('unsubscribe.title')}
      text={token ? t('unsubscribe.text') : t('unsubscribe.noToken')}
      below={
        <Link className="link" to="/">
          {t('unsubscribe.home')}
        </Link>
      }
    >
      {token ? <UnsubscribeForm token={token} /> : null}
    </AuthPage>
  );
}
