import { Menu } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown, FolderDown, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ArchiveDialog } from '../../features/archive/ArchiveDialog';
import { libraryListQuery, may } from '../../features/library/api';
import { RenameLibraryDialog } from '../../features/library/RenameLibraryDialog';
import { Mark } from '../../ui/Logo';
import { useCurrentLibrary } from '../currentLibrary';
import classes from './LibrarySwitcher.module.css';

/** The mark and the library's name; opens the list of libraries. */
export function LibrarySwitcher({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const libraries = useSuspenseQuery(libraryListQuery()).data.items;
  const current = useCurrentLibrary();
  const [renaming, setRenaming] = useState(false);
  const [exporting, setExporting] = useState(false);
  return (
    <>
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <button type="button" className={classes.switcher} aria-label={t('bar.switch', { name: current?.name ?? '' })}>
            <Mark />
            <span className={classes.name}>{current?.name ?? 'Scrollkeeper'}</span>
            <ChevronsUpDown size={14} strokeWidth={1.75} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('bar.libraries')}</Menu.Label>
          <div className={classes.list}>
            {libraries.map((library) => (
              <Menu.Item
                key={library.id}
                rightSection={library.id === current?.id ? <Check size={14} aria-hidden /> : null}
                aria-current={library.id === current?.id || undefined}
                onClick={() => void navigate({ to: '/l/$libraryId', params: { libraryId: library.id } })}
              >
                <span className={classes.itemName}>{library.name}</span>
                <span className={classes.itemNote}>
                  {library.member_count === 1 ? t('bar.personal') : t('bar.members', { count: library.member_count })}
                </span>
              </Menu.Item>
            ))}
          </div>
          <Menu.Divider />
          {current && may.renameLibrary(current.role) ? (
            <Menu.Item leftSection={<Pencil size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setRenaming(true)}>
              {t('bar.rename')}
            </Menu.Item>
          ) : null}
          {current ? (
            <Menu.Item leftSection={<FolderDown size={16} strokeWidth={1.75} aria-hidden />} onClick={() => setExporting(true)}>
              {t('bar.export')}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<Plus size={16} strokeWidth={1.75} aria-hidden />} onClick={onCreate}>
            {t('bar.create')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ArchiveDialog library={exporting ? current : undefined} onClose={() => setExporting(false)} />
      <RenameLibraryDialog library={renaming ? current : undefined} onClose={() => setRenaming(false)} />
    </>
  );
}
