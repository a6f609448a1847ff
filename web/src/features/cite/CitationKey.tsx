/** The key by which manuscripts cite a document: to copy, to choose, to have made. */
import { ActionIcon, Button, CopyButton, Group, TextInput, Tooltip } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Copy, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../lib/problem';
import { citationKeyQuery, setCitationKey } from './api';
import classes from './CitationKey.module.css';

export function CitationKey({ documentId, mayEdit }: { documentId: string; mayEdit: boolean }) {
  const { t } = useTranslation('cite');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const query = citationKeyQuery(documentId);
  const { data } = useQuery(query);
  const [typed, setTyped] = useState<string>();
  const save = useMutation({
    mutationFn: (key: string) => setCitationKey(documentId, key),
    onSuccess: (given) => {
      client.setQueryData(query.queryKey, given);
      setTyped(undefined);
    },
  });
  if (!data?.key) return null;
  if (typed !== undefined) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate(typed.trim());
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setTyped(undefined);
        }}
      >
        <TextInput
          aria-label={t('key.label')}
          autoFocus
          spellCheck={false}
          value={typed}
          error={save.error ? sentence(save.error) : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            save.reset();
          }}
        />
        <Group gap="xs" mt="xs">
          <Button type="submit" size="compact-md" loading={save.isPending}>
            {t('key.save')}
          </Button>
          {data.pinned ? (
            <Button variant="default" size="compact-md" onClick={() => save.mutate('')}>
              {t('key.make')}
            </Button>
          ) : null}
          <Button variant="default" size="compact-md" onClick={() => setTyped(undefined)}>
            {app('cancel')}
          </Button>
        </Group>
      </form>
    );
  }
  return (
    <p className={classes.key}>
      <code>{data.key}</code>
      <CopyButton value={data.key}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'copied' : 'key.copy')}>
            <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('key.copy')} onClick={copy}>
              {copied ? <Check size={14} aria-hidden /> : <Copy size={14} strokeWidth={1.75} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      {mayEdit ? (
        <Tooltip label={t('key.change')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={t('key.change')}
            onClick={() => {
              save.reset();
              setTyped(data.key);
            }}
          >
            <Pencil size={14} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ) : null}
    </p>
  );
}
