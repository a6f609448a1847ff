import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../lib/api';
import { signIn } from './api';
import classes from './AuthPage.module.css';
import { FormProblem } from './FormProblem';

interface Props {
  email?: string;
  submit?: string;
  /** Awaited: the button stays busy until it is done, and says when it fails. */
  onSignedIn: (session: Session) => Promise<void> | void;
}

/** E-mail and password. Never says which of the two was wrong. */
export function SignInForm({ email: given, submit, onSignedIn }: Props) {
  const { t } = useTranslation('identity');
  const [email, setEmail] = useState(given ?? '');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: async () => onSignedIn(await signIn({ email: email.trim(), password })),
    onError: () => setPassword(''),
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      <TextInput
        label={t('email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        autoFocus={!given}
        data-autofocus={given ? undefined : true}
      />
      <PasswordInput
        label={t('password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoFocus={Boolean(given)}
        data-autofocus={given ? true : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t('show') }}
      />
      <FormProblem error={attempt.error} />
      <Button type="submit" loading={attempt.isPending} fullWidth>
        {submit ?? t('signIn.submit')}
      </Button>
    </form>
  );
}
