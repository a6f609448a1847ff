/** What the palette can do besides finding. */
import type { MantineColorScheme } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRightLeft, Bell, CopyCheck, FileInput, FileUp, FolderUp, History, Inbox, Keyboard, KeyRound, Library, Monitor, Moon, Plus, Sun, Trash2, Users } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUploads } from '../../features/ingest/context';
import { libraryListQuery, may } from '../../features/library/api';
import { useCurrentLibrary } from '../currentLibrary';
import type { Layer } from './Shell';

export interface Command {
  id: string;
  label: string;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

interface Options {
  onLayer: (layer: Layer) => void;
  setColorScheme: (scheme: MantineColorScheme) => void;
}

export function useCommands({ onLayer, setColorScheme }: Options): Command[] {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const library = useCurrentLibrary();
  const libraries = useSuspenseQuery(libraryListQuery()).data.items;
  const { pickFiles, pickFolder, canPickFolder } = useUploads();
  return useMemo(() => {
    const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true };
    const commands: Command[] = [];
    if (library) {
      const params = { libraryId: library.id };
      if (may.addDocuments(library.role)) {
        commands.push({ id: 'upload', label: t('palette.upload'), icon: <FileUp {...icon} />, keys: 'u', run: pickFiles });
        if (canPickFolder) {
          commands.push({ id: 'folder', label: t('palette.uploadFolder'), icon: <FolderUp {...icon} />, run: pickFolder });
        }
      }
      if (may.addDocuments(library.role)) {
        commands.push({ id: 'import', label: t('palette.goImport'), icon: <FileInput {...icon} />, run: () => void navigate({ to: '/l/$libraryId/import', params }) });
      }
      commands.push(
        { id: 'library', label: t('palette.goLibrary'), icon: <Library {...icon} />, keys: 'g l', run: () => void navigate({ to: '/l/$libraryId', params }) },
        { id: 'members', label: t('palette.goMembers'), icon: <Users {...icon} />, keys: 'g m', run: () => void navigate({ to: '/l/$libraryId/members', params }) },
        { id: 'activity', label: t('palette.goActivity'), icon: <History {...icon} />, keys: 'g a', run: () => void navigate({ to: '/l/$libraryId/activity', params }) },
        { id: 'duplicates', label: t('palette.goDuplicates'), icon: <CopyCheck {...icon} />, run: () => void navigate({ to: '/l/$libraryId/duplicates', params }) },
        { id: 'trash', label: t('palette.goTrash'), icon: <Trash2 {...icon} />, keys: 'g t', run: () => void navigate({ to: '/l/$libraryId/trash', params }) },
      );
    }
    for (const other of libraries) {
      if (other.id === library?.id) continue;
      commands.push({
        id: `switch-${other.id}`,
        label: t('palette.switchTo', { name: other.name }),
        icon: <ArrowRightLeft {...icon} />,
        run: () => void navigate({ to: '/l/$libraryId', params: { libraryId: other.id } }),
      });
    }
    // Closing the palette comes first: the dialog it leads to is a layer as well.
    const later = (layer: Layer) => () => setTimeout(() => onLayer(layer), 0);
    commands.push(
      { id: 'inbox', label: t('palette.goInbox'), icon: <Inbox {...icon} />, keys: 'g i', run: () => void navigate({ to: '/inbox' }) },
      { id: 'notifications', label: t('account.notifications'), icon: <Bell {...icon} />, run: later('notifications') },
      { id: 'create', label: t('palette.createLibrary'), icon: <Plus {...icon} />, run: later('createLibrary') },
      { id: 'light', label: t('palette.themeLight'), icon: <Sun {...icon} />, run: () => setColorScheme('light') },
      { id: 'dark', label: t('palette.themeDark'), icon: <Moon {...icon} />, run: () => setColorScheme('dark') },
      { id: 'system', label: t('palette.themeSystem'), icon: <Monitor {...icon} />, run: () => setColorScheme('auto') },
      { id: 'tokens', label: t('account.tokens'), icon: <KeyRound {...icon} />, run: later('tokens') },
      { id: 'keys', label: t('account.keys'), icon: <Keyboard {...icon} />, keys: '?', run: later('keys') },
    );
    return commands;
  }, [t, navigate, library, libraries, pickFiles, pickFolder, canPickFolder, onLayer, setColorScheme]);
}
