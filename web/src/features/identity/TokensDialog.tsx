import { ActionIcon, Button, Code, CopyButton, Group, Modal, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Copy, KeyRound, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Token } from '../../lib/api';
import { formatAgo } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { toastError } from '../../ui/toast';
import { createToken, revokeToken, tokensQuery } from './api';
import classes from './TokensDialog.module.css';

export function TokensDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('identity');
  const { t: app } = useTranslation('app');
  return (
    <Modal opened={opened} onClose={onClose} title={t('tokens.title')} size={520} closeButtonProps={{ 'aria-label': app('close') }}>
      <Tokens />
    </Modal>
  );
}

function Tokens() {
  const { t } = useTranslation('identity');
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery());
  const [name, setName] = useState('');
  const [revoking, setRevoking] = useState<Token>();
  const refresh = () => client.invalidateQueries({ queryKey: queryKeys.tokens });
  const create = useMutation({
    mutationFn: () => createToken(name.trim()),
    onSuccess: () => {
      setName('');
      void refresh();
    },
  });
  const revoke = useMutation({
    mutationFn: (token: Token) => revokeToken(token.id),
    onSuccess: () => setRevoking(undefined),
    onError: toastError,
    onSettled: refresh,
  });
  return (
    <>
      <Text c="var(--fg2)">{t('tokens.text')}</Text>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          className={classes.name}
          label={t('tokens.name')}
          placeholder={t('tokens.namePlaceholder')}
          required
          withAsterisk={false}
          maxLength={120}
          value={name}
          error={create.error ? sentence(create.error) : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Button type="submit" loading={create.isPending}>
          {t('tokens.create')}
        </Button>
      </form>
      <div role="status">
        {create.data ? (
          <div className={classes.fresh}>
            <Text fw={550}>{t('tokens.once')}</Text>
            <Group wrap="nowrap" gap="xs" mt={6}>
              <Code className={classes.secret}>{create.data.token}</Code>
              <CopyButton value={create.data.token}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy} leftSection={copied ? <Check size={14} /> : <Copy size={14} />}>
                    {copied ? t('tokens.copied') : t('tokens.copy')}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </div>
        ) : null}
      </div>
      <ul className={classes.list}>
        {tokens.data?.items.map((token) => (
          <li key={token.id} className={classes.token}>
            <KeyRound size={16} aria-hidden />
            <div className={classes.what}>
              <div className={classes.tokenName}>{token.name}</div>
              <div className={classes.when}>
                {t('tokens.created', { at: formatAgo(token.created_at) })},{' '}
                {token.last_used_at ? t('tokens.used', { at: formatAgo(token.last_used_at) }) : t('tokens.neverUsed')}
              </div>
            </div>
            <ActionIcon aria-label={t('tokens.revokeLabel', { name: token.name })} onClick={() => setRevoking(token)}>
              <X size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {tokens.data?.items.length === 0 ? <Text c="var(--fg3)">{t('tokens.none')}</Text> : null}
      {tokens.error ? <Text c="var(--bad)">{sentence(tokens.error)}</Text> : null}
      <ConfirmDialog
        opened={revoking !== undefined}
        title={t('tokens.revokeTitle')}
        body={t('tokens.revokeText', { name: revoking?.name })}
        confirm={t('tokens.revoke')}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
        onClose={() => setRevoking(undefined)}
      />
    </>
  );
}
