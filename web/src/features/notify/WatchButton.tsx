import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell, BellOff, BellRing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WatchState } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { toastError } from '../../ui/toast';
import { putWatch, watchQuery } from './api';

const states = [
  { state: 'none', name: 'noneName', text: 'chooseNone', icon: Bell },
  { state: 'watching', name: 'watchingName', text: 'chooseWatching', icon: BellRing },
  { state: 'muted', name: 'mutedName', text: 'chooseMuted', icon: BellOff },
] as const;

/** Whether I am told of what is said about a document. */
export function WatchButton({ documentId }: { documentId: string }) {
  const { t } = useTranslation('notify');
  const client = useQueryClient();
  const watch = useQuery(watchQuery(documentId));
  const change = useMutation({
    mutationFn: (state: WatchState) => putWatch(documentId, state),
    onError: toastError,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.watch(documentId) }),
  });
  const now = (change.isPending ? change.variables : watch.data?.state) ?? 'none';
  const Icon = states.find(({ state }) => state === now)?.icon ?? Bell;
  return (
    <Menu position="bottom-start" width={264}>
      <Menu.Target>
        <Button
          variant="default"
          aria-label={`${t('watch.label')}: ${t(`watch.${now}`)}`}
          leftSection={<Icon size={16} strokeWidth={1.75} aria-hidden />}
          disabled={watch.isPending}
        >
          {t(`watch.${now}`)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('watch.label')}</Menu.Label>
        <Menu.RadioGroup value={now} onChange={(state) => change.mutate(state as WatchState)}>
          {states.map(({ state, name, text }) => (
            <Menu.RadioItem key={state} value={state}>
              <div>{t(`watch.${name}`)}</div>
              <div style={{ color: 'var(--fg3)', fontSize: 12.5, lineHeight: '16px' }}>{t(`watch.${text}`)}</div>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
