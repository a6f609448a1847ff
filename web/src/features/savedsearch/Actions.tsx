import { Menu } from '@mantine/core';
import { Bell, BellOff, Ellipsis, Lock, Pencil, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedSearch } from '../../lib/api';
import { RenameDialog } from './Dialogs';
import { useSaved } from './useSaved';

interface Props {
  saved: SavedSearch;
  mayShare: boolean;
  className: string | undefined;
  onDeleted?: (() => void) | undefined;
}

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** What there is to do with a saved search, behind three dots. */
export function Actions({ saved, mayShare, className, onDeleted }: Props) {
  const { t } = useTranslation('savedsearch');
  const actions = useSaved(saved.library_id);
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <Menu position="bottom-start" width={250}>
        <Menu.Target>
          <button type="button" className={className} aria-label={t('menu', { name: saved.name })}>
            <Ellipsis {...icon} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={saved.notices ? <BellOff {...icon} /> : <Bell {...icon} />}
            onClick={() => void actions.notices(saved, !saved.notices)}
          >
            {t(saved.notices ? 'tellNot' : 'tellMe')}
          </Menu.Item>
          {saved.may_change ? (
            <>
              <Menu.Item leftSection={<Pencil {...icon} />} onClick={() => setRenaming(true)}>
                {t('rename')}
              </Menu.Item>
              {saved.shared || mayShare ? (
                <Menu.Item leftSection={saved.shared ? <Lock {...icon} /> : <Users {...icon} />} onClick={() => void actions.share(saved, !saved.shared)}>
                  {t(saved.shared ? 'unshare' : 'share')}
                </Menu.Item>
              ) : null}
            </>
          ) : null}
          {saved.may_change || saved.mine ? (
            <Menu.Item leftSection={<Trash2 {...icon} />} onClick={() => void actions.remove(saved).then(onDeleted)}>
              {t('delete')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {renaming ? <RenameDialog name={saved.name} onSubmit={(name) => actions.rename(saved, name)} onClose={() => setRenaming(false)} /> : null}
    </>
  );
}
