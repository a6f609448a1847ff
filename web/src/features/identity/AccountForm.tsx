import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldError } from '../../lib/problem';
import type { NewAccount } from './api';
import classes from './AuthPage.module.css';
import { FormProblem } from './FormProblem';

interface Props {
  /** Filled in already, such as the address an invitation was sent to. */
  email?: string;
  submit: string;
  /** Makes the account; what it throws is shown. */
  onSubmit: (account: NewAccount) => Promise<void>;
}

const fields = ['name', 'email', 'password'] as const;

/** Name, e-mail and a new password. */
export function AccountForm({ email: given, submit, onSubmit }: Props) {
  const { t } = useTranslation('identity');
  const [account, setAccount] = useState<NewAccount>({ name: '', email: given ?? '', password: '' });
  const attempt = useMutation({
    mutationFn: () => onSubmit({ ...account, name: account.name.trim(), email: account.email.trim() }),
  });
  const problem = (field: keyof NewAccount) => fieldError(attempt.error, field);
  const named = fields.some((field) => problem(field));
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      <TextInput
        label={t('name')}
        name="name"
        autoComplete="name"
        required
        withAsterisk={false}
        maxLength={120}
        autoFocus
        value={account.name}
        error={problem('name')}
        onChange={(event) => setAccount({ ...account, name: event.currentTarget.value })}
      />
      <TextInput
        label={t('email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={account.email}
        error={problem('email')}
        onChange={(event) => setAccount({ ...account, email: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('newPassword')}
        name="new-password"
        autoComplete="new-password"
        description={t('newPasswordHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        required
        withAsterisk={false}
        minLength={10}
        value={account.password}
        error={problem('password')}
        onChange={(event) => setAccount({ ...account, password: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': t('show') }}
      />
      <FormProblem error={named ? null : attempt.error} />
      <Button type="submit" loading={attempt.isPending} fullWidth>
        {submit}
      </Button>
    </form>
  );
}
