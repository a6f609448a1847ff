import { Loader, Menu, Popover } from '@mantine/core';
import { Share2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Share.module.css';
import { SharePanel } from './SharePanel';
import { useTransfer } from './TransferProvider';

/** The button of a wide toolbar. */
export function ShareMenu() {
  const { t } = useTranslation('transfer');
  const { slow } = useTransfer();
  const [open, setOpen] = useState(false);
  return (
    <Popover position="bottom-end" width={336} shadow="md" radius="lg" trapFocus returnFocus opened={open} onChange={setOpen}>
      <Popover.Target>
        <button
          type="button"
          className={classes.button}
          data-open={open || undefined}
          aria-label={slow ? t('busy') : t('share')}
          aria-busy={slow !== undefined || undefined}
          onClick={() => setOpen((was) => !was)}
        >
          {slow ? <Loader size={16} /> : <Share2 size={16} strokeWidth={1.75} aria-hidden />}
          <span className={classes.word}>{t('share')}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t('title')}>
        <SharePanel onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The same in the menu of a narrow toolbar: a sheet comes from below. */
export function ShareItem() {
  const { t } = useTranslation('transfer');
  const { showSheet } = useTransfer();
  return (
    <Menu.Item rightSection={<Share2 size={16} strokeWidth={1.75} aria-hidden />} onClick={() => showSheet(true)}>
      {t('menuItem')}
    </Menu.Item>
  );
}
