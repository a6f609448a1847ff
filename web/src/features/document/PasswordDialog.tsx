import { Button, Group, Modal, PasswordInput, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document, Edition } from '../../lib/api';
import { sentence } from '../../lib/problem';
import { givePassword } from './api';

interface Props {
  /** Undefined: closed. */
  document: Document | undefined;
  onClose: () => void;
  onUnlocked: (document: Document, edition: Edition) => void;
}

/** Asks for the password of an encrypted PDF; the parse goes on with it. */
export function PasswordDialog({ document, onClose, onUnlocked }: Props) {
  const { t } = useTranslation('document');
  const { t: app } = useTranslation('app');
  return (
    <Modal opened={document !== undefined} onClose={onClose} title={t('password.title')} size={440} closeButtonProps={{ 'aria-label': app('close') }}>
      {document?.edition ? (
        <PasswordForm
          document={document}
          edition={document.edition}
          onClose={onClose}
          onUnlocked={(edition) => {
            onClose();
            onUnlocked(document, edition);
          }}
        />
      ) : null}
    </Modal>
  );
}

interface FormProps {
  document: Document;
  edition: Edition;
  onUnlocked: (edition: Edition) => void;
  onClose: () => void;
}

function PasswordForm({ document, edition, onUnlocked, onClose }: FormProps) {
  const { t } = useTranslation('document');
  const { t: app } = useTranslation('app');
  const { t: identity } = useTranslation('identity');
  const [password, setPassword] = useState('');
  const give = useMutation({ mutationFn: () => givePassword(edition.id, password), onSuccess: onUnlocked });
  const wrong = edition.failure?.kind === 'wrong_password' && !give.error ? t('failure.wrong_password') : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        give.mutate();
      }}
    >
      <Text c="var(--fg2)" mb="sm">
        {t('password.text', { name: document.edition?.filename })}
      </Text>
      <PasswordInput
        label={t('password.label')}
        autoComplete="off"
        required
        withAsterisk={false}
        value={password}
        error={give.error ? sentence(give.error) : wrong}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': identity('show') }}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {app('cancel')}
        </Button>
        <Button type="submit" loading={give.isPending}>
          {t('password.submit')}
        </Button>
      </Group>
    </form>
  );
}
