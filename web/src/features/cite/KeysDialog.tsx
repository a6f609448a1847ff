/** How the citation keys of a library are made. */
import { Button, Checkbox, Group, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { exampleKeyQuery, setCitationSettings, settingsQuery } from './api';
import classes from './CiteDialog.module.css';

interface Props {
  libraryId: string;
  opened: boolean;
  onClose: () => void;
}

export function KeysDialog({ libraryId, opened, onClose }: Props) {
  const { t } = useTranslation('cite');
  const { t: app } = useTranslation('app');
  const { data } = useQuery({ ...settingsQuery(libraryId), enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} size={520} closeButtonProps={{ 'aria-label': app('close') }}>
      {data ? <Form key={data.pattern} libraryId={libraryId} pattern={data.pattern} onClose={onClose} /> : null}
    </Modal>
  );
}

function Form({ libraryId, pattern, onClose }: { libraryId: string; pattern: string; onClose: () => void }) {
  const { t } = useTranslation('cite');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const [text, setText] = useState(pattern);
  const [renew, setRenew] = useState(false);
  const [asked] = useDebouncedValue(text.trim(), 200);
  const example = useQuery({ ...exampleKeyQuery(asked), enabled: asked !== '', placeholderData: keepPreviousData });
  const save = useMutation({
    mutationFn: () => setCitationSettings(libraryId, text.trim(), renew),
    onSuccess: async (settings) => {
      client.setQueryData(settingsQuery(libraryId).queryKey, settings);
      await client.invalidateQueries({ queryKey: ['citation-key'] });
      announce(t('keys.saved'));
      onClose();
    },
  });
  const problem = save.error ?? (asked === text.trim() ? example.error : null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput
        label={t('keys.pattern')}
        description={t('keys.fields')}
        data-autofocus
        spellCheck={false}
        value={text}
        error={problem ? sentence(problem) : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          save.reset();
        }}
      />
      <p className={classes.text} role="status">
        {example.data && !example.error ? t('keys.example', { key: example.data.example }) : ' '}
      </p>
      <Checkbox
        mt="xs"
        label={t('keys.renew')}
        description={t('keys.renewHint')}
        checked={renew}
        onChange={(event) => setRenew(event.currentTarget.checked)}
      />
      <Group gap="xs" mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {app('cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('key.save')}
        </Button>
      </Group>
    </form>
  );
}
