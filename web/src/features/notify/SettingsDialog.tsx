import { Modal, Radio, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NotificationSettings } from '../../lib/api';
import { sentence } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';
import { toast, toastError } from '../../ui/toast';
import { putSettings, settingsQuery } from './api';
import classes from './SettingsDialog.module.css';

const choices: NotificationSettings['email'][] = ['at_once', 'daily', 'off'];

/** When I get mail: one choice, kept as soon as it is made. */
export function SettingsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('notify');
  const { t: app } = useTranslation('app');
  return (
    <Modal opened={opened} onClose={onClose} title={t('settings.title')} size={460} closeButtonProps={{ 'aria-label': app('close') }}>
      <Choice />
    </Modal>
  );
}

function Choice() {
  const { t } = useTranslation('notify');
  const client = useQueryClient();
  const settings = useQuery(settingsQuery());
  // Shown from the click on; a mutation says that it runs a moment later.
  const [chosen, choose] = useState<NotificationSettings['email']>();
  const save = useMutation({
    mutationFn: (email: NotificationSettings['email']) => putSettings({ email }),
    onSuccess: () => toast(t('settings.saved')),
    onError: toastError,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: queryKeys.notificationSettings });
      choose(undefined);
    },
  });
  if (settings.error) return <p className={classes.problem}>{sentence(settings.error)}</p>;
  return (
    <Radio.Group
      label={t('settings.legend')}
      value={chosen ?? settings.data?.email ?? ''}
      onChange={(value) => {
        const email = value as NotificationSettings['email'];
        choose(email);
        save.mutate(email);
      }}
    >
      <Stack gap={12} mt={8}>
        {choices.map((email) => (
          <Radio
            key={email}
            value={email}
            disabled={settings.isPending}
            label={t(`settings.${email}`)}
            description={t(`settings.${email}Text`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
