import { Button, PasswordInput } from '@mantine/core';
import { Lock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PasswordRequest } from '../../pdfview/types';
import classes from './Cover.module.css';

/** Stands in for the pages while the file's password is not known. */
export function PasswordForm({ request }: { request: PasswordRequest }) {
  const { t } = useTranslation('reader');
  const [password, setPassword] = useState('');
  const [asking, setAsking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setAsking(false);
    if (!request.wrong) return;
    setPassword('');
    field.current?.focus();
  }, [request]);
  return (
    <div className={classes.cover}>
      <form
        className={classes.card}
        onSubmit={(event) => {
          event.preventDefault();
          if (password === '' || asking) return;
          setAsking(true);
          request.answer(password);
        }}
      >
        <Lock size={20} strokeWidth={1.75} aria-hidden className={classes.icon} />
        <h2 className={classes.title}>{t('password.title')}</h2>
        <p className={classes.text}>{t('password.why')}</p>
        <PasswordInput
          ref={field}
          label={t('password.field')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={request.wrong && !asking ? t('password.wrong') : undefined}
          // The file's, not the account's: a password manager must not mix them up.
          autoComplete="off"
          data-autofocus
          autoFocus
        />
        <Button type="submit" loading={asking} disabled={password === ''}>
          {t('password.open')}
        </Button>
      </form>
    </div>
  );
}
