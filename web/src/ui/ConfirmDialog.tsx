import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  opened: boolean;
  title: string;
  body: string;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** A question before something that cannot be taken back. */
export function ConfirmDialog({ opened, title, body, confirm, danger, busy, onConfirm, onClose }: Props) {
  const { t } = useTranslation('app');
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={420} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text c="var(--fg2)">{body}</Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('cancel')}
        </Button>
        <Button color={danger ? 'var(--danger)' : undefined} loading={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
