import { Modal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queryKeys } from '../../lib/queryKeys';
import { createLibrary } from './api';
import { NameForm } from './NameForm';

interface Props {
  opened: boolean;
  onClose: () => void;
  onCreated: (libraryId: string) => void;
}

export function CreateLibraryDialog({ opened, onClose, onCreated }: Props) {
  const { t } = useTranslation('library');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  return (
    <Modal opened={opened} onClose={onClose} title={t('create.title')} size={420} closeButtonProps={{ 'aria-label': app('close') }}>
      <Text c="var(--fg2)" mb="sm">
        {t('create.text')}
      </Text>
      <NameForm
        name=""
        submit={t('create.submit')}
        onCancel={onClose}
        onSubmit={async (name) => {
          const library = await createLibrary(name);
          await client.invalidateQueries({ queryKey: queryKeys.libraries });
          onClose();
          onCreated(library.id);
        }}
      />
    </Modal>
  );
}
