/** The address at which other programs fetch a bibliography. */
import { Button, Code, CopyButton, Group, Modal, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { toastError } from '../../ui/toast';
import { addressesQuery, makeAddress, revokeAddress } from './api';
import classes from './LiveBibliography.module.css';

interface Props {
  libraryId: string;
  /** The id of one; undefined for the whole library. */
  collection: string | undefined;
  /** Of either. */
  name: string;
  onClose: () => void;
}

export function LiveBibliography({ libraryId, collection, name, onClose }: Props) {
  const { t } = useTranslation('cite');
  const { t: app } = useTranslation('app');
  const client = useQueryClient();
  const addresses = useQuery(addressesQuery(libraryId));
  const mine = addresses.data?.find(({ collection_id: id }) => id === (collection ?? null));
  const refresh = () => client.invalidateQueries({ queryKey: addressesQuery(libraryId).queryKey });
  const make = useMutation({ mutationFn: () => makeAddress(libraryId, collection), onError: toastError, onSettled: refresh });
  const revoke = useMutation({
    mutationFn: (id: string) => revokeAddress(id),
    onSuccess: () => {
      make.reset();
      announce(t('live.revoked'));
    },
    onError: toastError,
    onSettled: refresh,
  });
  const bibtex = make.data ? window.location.origin + make.data.path : undefined;
  return (
    <Modal opened onClose={onClose} title={t('live.title', { name })} size={560} closeButtonProps={{ 'aria-label': app('close') }}>
      <Text c="var(--fg2)">{t('live.text')}</Text>
      <div role="status">
        {bibtex ? (
          <div className={classes.fresh}>
            <Text fw={550}>{t('live.once')}</Text>
            <Address label={t('live.bibtex')} value={bibtex} />
            <Address label={t('live.biblatex')} value={`${bibtex}?format=biblatex`} />
            <Address label={t('live.csljson')} value={bibtex.replace(/\.bib$/, '.json')} />
          </div>
        ) : mine ? (
          <Text mt="md">
            {t('live.has', { at: formatAgo(mine.created_at) })}{' '}
            {mine.last_used_at ? t('live.used', { at: formatAgo(mine.last_used_at) }) : t('live.unused')}
          </Text>
        ) : null}
      </div>
      {addresses.isPending ? <Text mt="md">{t('live.loading')}</Text> : null}
      {addresses.error ? <Text c="var(--bad)">{sentence(addresses.error)}</Text> : null}
      <Text mt="md" c="var(--fg2)">
        {t('live.overleaf')}
      </Text>
      <Text mt="xs" c="var(--fg2)">
        {t('live.pandoc')}
      </Text>
      <Group justify="flex-end" gap="xs" mt="lg">
        {mine ? (
          <Button variant="default" loading={revoke.isPending} onClick={() => revoke.mutate(mine.id)}>
            {t('live.revoke')}
          </Button>
        ) : null}
        <Button
          variant={mine ? 'default' : 'filled'}
          disabled={addresses.isPending}
          loading={make.isPending}
          title={mine ? t('live.replaceHint') : undefined}
          onClick={() => make.mutate()}
        >
          {mine ? t('live.replace') : t('live.make')}
        </Button>
      </Group>
    </Modal>
  );
}

function Address({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation('cite');
  return (
    <div className={classes.address}>
      <span className={classes.label}>{label}</span>
      <Group wrap="nowrap" gap="xs">
        <Code className={classes.secret}>{value}</Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} leftSection={copied ? <Check size={14} /> : <Copy size={14} />}>
              {copied ? t('live.copied') : t('live.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}
