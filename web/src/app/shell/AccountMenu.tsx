import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Bell, Keyboard, KeyRound, LogOut, MailOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../../features/identity/api';
import { ShowingItem } from '../../features/presence/ShowingItem';
import type { Person } from '../../lib/api';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { toastError } from '../../ui/toast';
import { forgetLibrary } from '../lastLibrary';
import { forgetAll } from '../routes/enter';
import classes from './AccountMenu.module.css';
import type { Layer } from './Shell';

export function AccountMenu({ person, onLayer }: { person: Person; onLayer: (layer: Layer) => void }) {
  const { t } = useTranslation('app');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    try {
      await signOut();
    } catch (error) {
      toastError(error);
      return;
    }
    await navigate({ to: '/sign-in' });
    forgetAll(client);
    forgetLibrary();
  };
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true };
  return (
    <Menu position="bottom-end" width={248}>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label={t('bar.account', { name: person.name })}>
          <PersonAvatar id={person.id} name={person.name} size={28} decorative />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <div className={classes.name}>{person.name}</div>
          <div className={classes.email}>{person.email}</div>
        </div>
        <Menu.Divider />
        <Menu.Label>{t('account.theme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
          <Menu.RadioItem value="light" closeMenuOnClick={false}>
            {t('account.light')}
          </Menu.RadioItem>
          <Menu.RadioItem value="dark" closeMenuOnClick={false}>
            {t('account.dark')}
          </Menu.RadioItem>
          <Menu.RadioItem value="auto" closeMenuOnClick={false}>
            {t('account.system')}
          </Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <ShowingItem />
        <Menu.Item leftSection={<Bell {...icon} />} onClick={() => onLayer('notifications')}>
          {t('account.notifications')}
        </Menu.Item>
        {person.is_operator ? (
          <Menu.Item leftSection={<MailOpen {...icon} />} onClick={() => void navigate({ to: '/outbox' })}>
            {t('account.outbox')}
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<KeyRound {...icon} />} onClick={() => onLayer('tokens')}>
          {t('account.tokens')}
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard {...icon} />} onClick={() => onLayer('keys')}>
          {t('account.keys')}
        </Menu.Item>
        <Menu.Item leftSection={<LogOut {...icon} />} onClick={() => void leave()}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
