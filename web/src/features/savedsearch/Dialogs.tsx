/** The small forms for one saved search. */
import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';
import classes from './Saved.module.css';

interface FrameProps {
  title: string;
  submit: string;
  name: string;
  onName: (name: string) => void;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children?: ReactNode;
}

function Frame({ title, submit, name, onName, onSubmit, onClose, children }: FrameProps) {
  const { t } = useTranslation('savedsearch');
  const { t: app } = useTranslation('app');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const send = async () => {
    setBusy(true);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setProblem(sentence(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size={420} closeButtonProps={{ 'aria-label': app('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void send();
        }}
      >
        <TextInput
          label={t('name')}
          data-autofocus
          maxLength={120}
          value={name}
          error={problem || undefined}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => onName(event.currentTarget.value)}
        />
        {children}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {app('cancel')}
          </Button>
          <Button type="submit" disabled={!name.trim()} loading={busy}>
            {submit}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface SaveProps {
  query: string;
  library: { name: string; mayShare: boolean };
  onSubmit: (saved: { name: string; shared: boolean; notices: boolean }) => Promise<void>;
  onClose: () => void;
}

export function SaveDialog({ query, library, onSubmit, onClose }: SaveProps) {
  const { t } = useTranslation('savedsearch');
  const [name, setName] = useState([...query].slice(0, 120).join(''));
  const [shared, setShared] = useState(false);
  const [notices, setNotices] = useState(false);
  return (
    <Frame title={t('save')} submit={t('saveIt')} name={name} onName={setName} onSubmit={() => onSubmit({ name, shared, notices })} onClose={onClose}>
      <p className={classes.query}>
        {t('query')} <q>{query}</q>
      </p>
      <Stack gap="xs" mt="md">
        {library.mayShare ? (
          <Checkbox
            label={t('shareWith', { name: library.name })}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        ) : null}
        <Checkbox label={t('tellMe')} checked={notices} onChange={(event) => setNotices(event.currentTarget.checked)} />
      </Stack>
    </Frame>
  );
}

interface RenameProps {
  name: string;
  onSubmit: (name: string) => Promise<void>;
  onClose: () => void;
}

export function RenameDialog({ name: given, onSubmit, onClose }: RenameProps) {
  const { t } = useTranslation('savedsearch');
  const [name, setName] = useState(given);
  return <Frame title={t('renameTitle')} submit={t('keep')} name={name} onName={setName} onSubmit={() => onSubmit(name)} onClose={onClose} />;
}
