import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Library } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { renameLibrary } from './api';
import { NameForm } from './NameForm';

/** Open while `library` is given. */
export function RenameLibraryDialog({ library, onClose }: { library: Library | undefined; onClose: () => void }) {
  const { t } = useTranslation('library');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  return (
    <Modal
      opened={library !== undefined}
      onClose={onClose}
      title={t('rename.title')}
      size={420}
      closeButtonProps={{ 'aria-label': app('close') }}
    >
      {library ? (
        <NameForm
          name={library.name}
          submit={t('rename.submit')}
          onCancel={onClose}
          onSubmit={async (name) => {
            await renameLibrary(library.id, name);
            await client.invalidateQueries({ queryKey: queryKeys.libraries });
            onClose();
          }}
        />
      ) : null}
    </Modal>
  );
}
