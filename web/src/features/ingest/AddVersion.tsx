import { Button } from '@mantine/core';
import { FilePlus2 } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useUploadContext } from './context';
import { fromInput } from './gather';

/** Uploads a further version of a document that is there, or its first file, by the same queue as all files. */
export function AddVersion({ libraryId, documentId, first }: { libraryId: string; documentId: string; first: boolean }) {
  const { t } = useTranslation('ingest');
  const { add } = useUploadContext();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        variant="default"
        leftSection={<FilePlus2 size={16} strokeWidth={1.75} aria-hidden />}
        title={first ? undefined : t('version.hint')}
        onClick={() => input.current?.click()}
      >
        {t(first ? 'version.first' : 'version.add')}
      </Button>
      <input
        ref={input}
        type="file"
        accept="application/pdf,.pdf"
        hidden
        aria-hidden
        tabIndex={-1}
        data-testid="upload-version"
        onChange={(event) => {
          void add(fromInput(event.currentTarget.files ?? []), { libraryId, documentId });
          // The same file may be picked again later.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
