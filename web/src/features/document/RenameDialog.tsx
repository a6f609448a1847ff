import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';

interface Props {
  /** Undefined: closed. */
  document: Document | undefined;
  onClose: () => void;
  onRename: (document: Document, title: string) => void;
}

export function RenameDialog({ document, onClose, onRename }: Props) {
  const { t } = useTranslation('document');
  const { t: app } = useTranslation('app');
  return (
    <Modal opened={document !== undefined} onClose={onClose} title={t('rename.title')} size={520} closeButtonProps={{ 'aria-label': app('close') }}>
      {document ? (
        <TitleForm
          title={document.title}
          onClose={onClose}
          onSubmit={(title) => {
            onClose();
            if (title !== document.title) onRename(document, title);
          }}
        />
      ) : null}
    </Modal>
  );
}

function TitleForm({ title: given, onSubmit, onClose }: { title: string; onSubmit: (title: string) => void; onClose: () => void }) {
  const { t } = useTranslation('document');
  const { t: app } = useTranslation('app');
  const [title, setTitle] = useState(given);
  const clean = title.replace(/\s+/g, ' ').trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (clean) onSubmit(clean);
      }}
    >
      <Textarea
        label={t('rename.label')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {app('cancel')}
        </Button>
        <Button type="submit" disabled={!clean}>
          {t('rename.submit')}
        </Button>
      </Group>
    </form>
  );
}
