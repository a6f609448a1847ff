import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { KeptChoice, likelyKept } from './KeptChoice';

interface Props {
  /** Empty: closed. */
  documents: Document[];
  onClose: () => void;
  onMerge: (kept: string, others: string[]) => void;
}

/** Asks which of the documents goes on. */
export function MergeDialog({ documents, onClose, onMerge }: Props) {
  const { t } = useTranslation('document');
  const { t: app } = useTranslation('app');
  return (
    <Modal opened={documents.length > 1} onClose={onClose} title={t('merge.title', { count: documents.length })} size={560} closeButtonProps={{ 'aria-label': app('close') }}>
      {documents.length > 1 ? <Choice key={documents.map(({ id }) => id).join()} documents={documents} onClose={onClose} onMerge={onMerge} /> : null}
    </Modal>
  );
}

function Choice({ documents, onClose, onMerge }: Props) {
  const { t } = useTranslation('document');
  const { t: app } = useTranslation('app');
  const [kept, setKept] = useState(() => likelyKept(documents));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onMerge(kept, documents.map(({ id }) => id).filter((id) => id !== kept));
      }}
    >
      <Text c="var(--fg2)" mb="sm">
        {t('merge.text')}
      </Text>
      <KeptChoice documents={documents} kept={kept} onKept={setKept} />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {app('cancel')}
        </Button>
        <Button type="submit">{t('merge.submit')}</Button>
      </Group>
    </form>
  );
}
