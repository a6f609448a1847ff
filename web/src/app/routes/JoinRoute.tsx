import { Anchor, Button, Loader } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountForm } from '../../features/identity/AccountForm';
import { acceptInvitation, previewInvitation, sessionQuery, signOut } from '../../features/identity/api';
import { AuthPage } from '../../features/identity/AuthPage';
import authClasses from '../../features/identity/AuthPage.module.css';
import { FormProblem } from '../../features/identity/FormProblem';
import { SignInForm } from '../../features/identity/SignInForm';
import { sentence } from '../../lib/problem';
import { reportSignedIn } from '../../lib/session';
import { useTitle } from '../useTitle';
import { forgetAll } from './enter';
import { useFragmentSecret } from './useFragmentSecret';

/** An invitation: which library, from whom, and three ways in. */
export function JoinRoute() {
  const { t } = useTranslation('identity');
  const { t: words } = useTranslation('library');
  const client = useQueryClient();
  const navigate = useNavigate();
  const secret = useFragmentSecret();
  const [hasAccount, setHasAccount] = useState(false);
  const session = useQuery({ ...sessionQuery(), retry: false });
  const preview = useQuery({
    queryKey: ['invitation', secret, session.data?.person.id ?? ''],
    queryFn: () => previewInvitation(secret),
    enabled: secret !== '' && !session.isPending,
    retry: false,
  });
  const open = async (libraryId: string) => {
    forgetAll(client);
    reportSignedIn();
    await navigate({ to: '/l/$libraryId', params: { libraryId }, replace: true });
  };
  const join = useMutation({
    mutationFn: async (memberOf: string | undefined) => open(memberOf ?? (await acceptInvitation(secret))),
  });
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => client.resetQueries({ queryKey: sessionQuery().queryKey }) });
  useTitle(preview.data ? t('join.title', { library: preview.data.library_name }) : t('join.checking'));

  if (!secret) {
    return (
      <AuthPage title={t('join.checking')} text={t('join.noSecret')}>
        {null}
      </AuthPage>
    );
  }
  if (preview.error) {
    return (
      <AuthPage title={t('join.checking')} text={sentence(preview.error)}>
        {null}
      </AuthPage>
    );
  }
  if (!preview.data) {
    return (
      <AuthPage title={t('join.checking')}>
        <Loader mt="md" />
      </AuthPage>
    );
  }
  const { library_id, library_name, inviter_name, role, email, signed_in_member } = preview.data;
  const title = t('join.title', { library: library_name });
  const text = t('join.text', { inviter: inviter_name, role: words(`asRole.${role}`) });

  if (session.data) {
    return (
      <AuthPage
        title={title}
        text={signed_in_member ? t('join.member') : text}
        below={
          <Anchor component="button" type="button" inherit onClick={() => leave.mutate()}>
            {t('signIn.other')}
          </Anchor>
        }
      >
        <div className={authClasses.form}>
          <div>{t('join.as', { name: session.data.person.name })}</div>
          <FormProblem error={join.error} />
          <Button loading={join.isPending} onClick={() => join.mutate(signed_in_member ? library_id : undefined)} autoFocus>
            {signed_in_member ? t('join.open') : t('join.accept')}
          </Button>
        </div>
      </AuthPage>
    );
  }
  const turn = (
    <Anchor component="button" type="button" inherit onClick={() => setHasAccount(!hasAccount)}>
      {hasAccount ? t('join.haveNot') : t('join.have')}
    </Anchor>
  );
  return (
    <AuthPage title={title} text={email ? `${text} ${t('join.forEmail', { email })}` : text} below={turn}>
      {hasAccount ? (
        <SignInForm
          email={email ?? undefined}
          submit={t('join.signInJoin')}
          onSignedIn={async () => open(await acceptInvitation(secret))}
        />
      ) : (
        <AccountForm
          email={email ?? undefined}
          submit={t('join.create')}
          onSubmit={async (account) => open(await acceptInvitation(secret, account))}
        />
      )}
    </AuthPage>
  );
}
