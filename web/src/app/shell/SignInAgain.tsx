import { Anchor, Modal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInForm } from '../../features/identity/SignInForm';
import type { Person } from '../../lib/api';
import { isSignedOut, onSessionTurn, reportSignedIn } from '../../lib/session';
import { enter } from '../routes/enter';

/** The session ended with the page open: sign in over it, and everything goes on. */
export function SignInAgain({ person }: { person: Person }) {
  const { t } = useTranslation('identity');
  const client = useQueryClient();
  const opened = useSyncExternalStore(onSessionTurn, isSignedOut);
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={380}
      title={t('signIn.again')}
    >
      <Text c="var(--fg2)">{t('signIn.againText')}</Text>
      <SignInForm
        email={person.email}
        onSignedIn={(session) => {
          if (session.person.id === person.id) {
            reportSignedIn();
            return;
          }
          // Somebody else: nothing of the first person's may stay on screen.
          enter(client, session);
          window.location.assign('/');
        }}
      />
      <Text ta="center" mt="md" fz="sm">
        <Anchor href="/sign-in" inherit>
          {t('signIn.other')}
        </Anchor>
      </Text>
    </Modal>
  );
}
