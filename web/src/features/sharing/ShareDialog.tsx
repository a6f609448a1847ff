/** The links of a document or a collection: making, copying and revoking them. */
import { Button, Code, CopyButton, Group, Modal, PasswordInput, SegmentedControl, Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Copy, Link as LinkIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShareAccess, ShareLink } from '../../lib/api';
import { formatAgo, formatMoment } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { toastError } from '../../ui/toast';
import { linksQuery, makeLink, revokeLink, type Target } from './api';
import { expiryOf, isOver, lifetimes, type Lifetime } from './expiry';
import classes from './ShareDialog.module.css';

interface Props {
  target: Target;
  /** Of what is shared. */
  name: string;
  onClose: () => void;
}

const accesses: readonly ShareAccess[] = ['read', 'read-marks', 'comment'];

export function ShareDialog({ target, name, onClose }: Props) {
  const { t } = useTranslation('sharing');
  const { t: app } = useTranslation('app');
  return (
    <Modal opened onClose={onClose} title={t('title', { name })} size={560} closeButtonProps={{ 'aria-label': app('close') }}>
      <Text c="var(--fg2)">{'documentId' in target ? t('textDocument') : t('textCollection')}</Text>
      <Links target={target} />
    </Modal>
  );
}

function Links({ target }: { target: Target }) {
  const { t } = useTranslation('sharing');
  const client = useQueryClient();
  const links = useQuery(linksQuery(target));
  const [access, setAccess] = useState<ShareAccess>('read-marks');
  const [lifetime, setLifetime] = useState<Lifetime>('30');
  const [password, setPassword] = useState('');
  const [revoking, setRevoking] = useState<ShareLink>();
  const refresh = () => client.invalidateQueries({ queryKey: linksQuery(target).queryKey });
  const make = useMutation({
    mutationFn: () => {
      const ends = expiryOf(lifetime, new Date());
      return makeLink(target, { access, ...(password ? { password } : {}), ...(ends ? { expires_at: ends } : {}) });
    },
    onSuccess: () => setPassword(''),
    onSettled: refresh,
  });
  const revoke = useMutation({
    mutationFn: (link: ShareLink) => revokeLink(link.id),
    onSuccess: (_, link) => {
      setRevoking(undefined);
      if (make.data?.link.id === link.id) make.reset();
      announce(t('revoked'));
    },
    onError: toastError,
    onSettled: refresh,
  });
  const address = make.data ? window.location.origin + make.data.path : undefined;
  return (
    <>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <div>
          <SegmentedControl
            fullWidth
            aria-label={t('access.label')}
            value={access}
            onChange={(value) => setAccess(value as ShareAccess)}
            data={accesses.map((value) => ({ value, label: t(`access.${value}`) }))}
          />
          <p className={classes.hint}>{t(`accessHint.${access}`)}</p>
        </div>
        <div className={classes.pair}>
          <Select
            label={t('lifetime.label')}
            value={lifetime}
            onChange={(value) => setLifetime((value ?? '30') as Lifetime)}
            allowDeselect={false}
            data={lifetimes.map((value) => ({ value, label: t(`lifetime.${value}`) }))}
          />
          <PasswordInput
            label={t('password')}
            autoComplete="new-password"
            minLength={6}
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('show') }}
          />
        </div>
        {password ? <p className={classes.hint}>{t('passwordHint')}</p> : null}
        {make.error ? (
          <p className={classes.problem} role="alert">
            {sentence(make.error)}
          </p>
        ) : null}
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending}>
            {t('make')}
          </Button>
        </Group>
      </form>
      <div role="status">
        {address ? (
          <div className={classes.fresh}>
            <Text fw={550}>{t('once')}</Text>
            <Group wrap="nowrap" gap="xs" mt={6}>
              <Code className={classes.secret} data-testid="share-address">
                {address}
              </Code>
              <CopyButton value={address}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy} leftSection={copied ? <Check size={14} /> : <Copy size={14} />}>
                    {copied ? t('copied') : t('copy')}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </div>
        ) : null}
      </div>
      <h3 className={classes.heading}>{t('list')}</h3>
      {links.isPending ? <Text c="var(--fg2)">{t('loading')}</Text> : null}
      {links.error ? <Text c="var(--bad)">{sentence(links.error)}</Text> : null}
      {links.data?.length === 0 ? <Text c="var(--fg2)">{t('none')}</Text> : null}
      <ul className={classes.list}>
        {links.data?.map((link) => <LinkRow key={link.id} link={link} onRevoke={() => setRevoking(link)} />)}
      </ul>
      <ConfirmDialog
        opened={revoking !== undefined}
        title={t('revokeTitle')}
        body={t('revokeText')}
        confirm={t('revoke')}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
        onClose={() => setRevoking(undefined)}
      />
    </>
  );
}

function LinkRow({ link, onRevoke }: { link: ShareLink; onRevoke: () => void }) {
  const { t } = useTranslation('sharing');
  const over = isOver(link.expires_at, new Date());
  const state = !link.rests
    ? t('idle', { name: link.made_by.name })
    : over
      ? t('over')
      : link.expires_at
        ? t('ends', { at: formatMoment(link.expires_at) })
        : undefined;
  return (
    <li className={classes.link} data-over={over || !link.rests || undefined}>
      <LinkIcon size={16} aria-hidden />
      <div className={classes.what}>
        <div className={classes.name}>
          {t('by', { access: t(`access.${link.access}`), name: link.made_by.name, at: formatAgo(link.created_at) })}
        </div>
        <div className={classes.when}>
          {[
            link.password ? t('locked') : undefined,
            state,
            link.uses > 0 && link.last_used_at ? t('used', { count: link.uses, at: formatAgo(link.last_used_at) }) : t('unused'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </div>
      <Button variant="default" size="compact-sm" aria-label={t('revokeLabel', { at: formatAgo(link.created_at) })} onClick={onRevoke}>
        {t('revoke')}
      </Button>
    </li>
  );
}
