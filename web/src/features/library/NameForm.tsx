import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';

interface Props {
  name: string;
  submit: string;
  /** Awaited; what it throws is shown under the field. */
  onSubmit: (name: string) => Promise<void>;
  onCancel: () => void;
}

/** The name of a library, new or old. */
export function NameForm({ name: given, submit, onSubmit, onCancel }: Props) {
  const { t } = useTranslation('library');
  const { t: app } = useTranslation('app');
  const [name, setName] = useState(given);
  const save = useMutation({ mutationFn: () => onSubmit(name.trim()) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput
        label={t('name')}
        required
        withAsterisk={false}
        maxLength={120}
        value={name}
        error={save.error ? sentence(save.error) : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onCancel}>
          {app('cancel')}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
          {submit}
        </Button>
      </Group>
    </form>
  );
}
