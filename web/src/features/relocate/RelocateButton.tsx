import { Button } from '@mantine/core';
import { FolderOutput } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Library } from '../../lib/api';
import { RelocateDialog } from './RelocateDialog';

interface Props {
  fromLibraryId: string;
  libraries: readonly Library[];
  documentId: string;
  mayMove: boolean;
}

/** On a document's page. */
export function RelocateButton({ documentId, ...rest }: Props) {
  const { t } = useTranslation('relocate');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<FolderOutput size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('button')}
      </Button>
      <RelocateDialog documentIds={open ? [documentId] : []} onClose={() => setOpen(false)} {...rest} />
    </>
  );
}
