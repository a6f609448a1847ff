import { Button, CopyButton, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Check, Copy, Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Library, NewInvitation } from '../../lib/api';
import { formatDate } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { invite, rolesToGive, type GivenRole } from './api';
import classes from './InviteBox.module.css';

interface Props {
  library: Library;
  role: GivenRole;
  onRole: (role: GivenRole) => void;
  onInvited: () => void;
}

/** The secret is behind the #: no server's log and no referrer ever has it. */
export const invitationLink = (secret: string): string => `${window.location.origin}/join#${secret}`;

/** Makes an invitation link for one person in one role. */
export function InviteBox({ library, role, onRole, onInvited }: Props) {
  const { t } = useTranslation('library');
  const [email, setEmail] = useState('');
  const [made, setMade] = useState<NewInvitation>();
  const create = useMutation({
    mutationFn: () => invite(library.id, role, email.trim() || undefined),
    onSuccess: (invitation) => {
      setMade(invitation);
      setEmail('');
      announce(t('invite.made'));
      onInvited();
    },
  });
  return (
    <div className={classes.box}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          className={classes.email}
          type="email"
          aria-label={t('invite.email')}
          placeholder={t('invite.email')}
          value={email}
          error={create.error ? sentence(create.error) : undefined}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          className={classes.role}
          aria-label={t('invite.role')}
          data={rolesToGive(library.role).map((given) => ({ value: given, label: t(`role.${given}`) }))}
          value={role}
          onChange={(value) => value && onRole(value as GivenRole)}
        />
        <Button type="submit" loading={create.isPending} leftSection={<Link2 size={16} strokeWidth={1.75} aria-hidden />}>
          {t('invite.submit')}
        </Button>
      </form>
      {made ? (
        <div className={classes.made}>
          <input
            className={classes.link}
            readOnly
            aria-label={t('invite.link')}
            value={invitationLink(made.secret)}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton value={invitationLink(made.secret)} timeout={3000}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
                onClick={() => {
                  copy();
                  announce(t('invite.copied'));
                }}
              >
                {copied ? t('invite.copied') : t('invite.copy')}
              </Button>
            )}
          </CopyButton>
        </div>
      ) : null}
      <p className={classes.hint}>
        {made
          ? t('invite.madeHint', { role: t(`asRole.${made.role}`), until: formatDate(made.expires_at) })
          : t('invite.hint')}
      </p>
    </div>
  );
}
