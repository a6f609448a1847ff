import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMatchRoute, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../lib/api';
import { useKeys } from '../../lib/keys';
import { SkipLink } from '../../ui/SkipLink';
import { CreateLibraryDialog } from '../../features/library/CreateLibraryDialog';
import { TokensDialog } from '../../features/identity/TokensDialog';
import { SettingsDialog } from '../../features/notify/SettingsDialog';
import { useCurrentLibrary } from '../currentLibrary';
import { KeysDialog } from './KeysDialog';
import { OfflineBar } from './OfflineBar';
import { Palette } from './Palette';
import classes from './Shell.module.css';
import { SideNav } from './SideNav';
import { SignInAgain } from './SignInAgain';
import { TopBar } from './TopBar';

/** What stands over the page at the moment. */
export type Layer = 'palette' | 'keys' | 'tokens' | 'notifications' | 'createLibrary';

const narrowKey = 'scrollkeeper.nav';

/** Top bar, navigation and dialogs around the page. */
export function Shell({ person, children }: { person: Person; children: ReactNode }) {
  const { t } = useTranslation('app');
  const library = useCurrentLibrary();
  const navigate = useNavigate();
  const matchRoute = useMatchRoute();
  const small = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false });
  const [chosenNarrow, setNarrow] = useState(() => localStorage.getItem(narrowKey) === 'narrow');
  const [drawer, setDrawer] = useState(false);
  const [layer, setLayer] = useState<Layer>();
  const inDocument = Boolean(matchRoute({ to: '/d/$documentId' }));
  const inSearch = Boolean(matchRoute({ to: '/search' }));
  const narrow = chosenNarrow || inSearch;

  // The drawer has done its work when another page is shown.
  const path = useRouterState({ select: (state) => state.location.pathname });
  const href = useRouterState({ select: (state) => state.location.href });
  useEffect(() => setDrawer(false), [href]);
  useFocusOnNavigation(path);

  const group = t('keys.everywhere');
  const libraryId = library?.id;
  const go = (to: '/l/$libraryId' | '/l/$libraryId/activity' | '/l/$libraryId/trash' | '/l/$libraryId/members') => {
    if (libraryId) void navigate({ to, params: { libraryId } });
  };
  useKeys([
    { keys: 'Mod+K', label: t('keys.palette'), group, run: () => setLayer((now) => (now === 'palette' ? undefined : 'palette')) },
    { keys: '?', label: t('keys.help'), group, run: () => setLayer('keys') },
    { keys: 'g l', label: t('keys.library'), group, run: () => go('/l/$libraryId') },
    { keys: 'g i', label: t('keys.inbox'), group, run: () => void navigate({ to: '/inbox' }) },
    { keys: 'g a', label: t('keys.activity'), group, run: () => go('/l/$libraryId/activity') },
    { keys: 'g t', label: t('keys.trash'), group, run: () => go('/l/$libraryId/trash') },
    { keys: 'g m', label: t('keys.members'), group, run: () => go('/l/$libraryId/members') },
  ]);

  const close = () => setLayer(undefined);
  return (
    <div className={classes.shell} data-nav={inDocument ? 'none' : narrow ? 'narrow' : 'wide'}>
      <SkipLink target="page" />
      <TopBar person={person} onLayer={setLayer} onMenu={() => setDrawer(true)} showMenu={Boolean(small) && !inDocument} />
      <OfflineBar />
      <div className={classes.body}>
        {inDocument || small ? null : (
          <SideNav
            narrow={narrow}
            onNarrow={
              inSearch
                ? undefined
                : (value) => {
                    setNarrow(value);
                    localStorage.setItem(narrowKey, value ? 'narrow' : 'wide');
                  }
            }
          />
        )}
        <main id="page" className={classes.page} tabIndex={-1}>
          {children}
        </main>
      </div>
      <Drawer
        opened={drawer}
        onClose={() => setDrawer(false)}
        size={264}
        title={library?.name ?? t('nav.label')}
        classNames={{ body: classes.drawer, content: classes.drawerContent, header: classes.drawerHeader }}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <SideNav narrow={false} />
      </Drawer>
      <Palette opened={layer === 'palette'} onClose={close} onLayer={setLayer} />
      <KeysDialog opened={layer === 'keys'} onClose={close} />
      <SettingsDialog opened={layer === 'notifications'} onClose={close} />
      <TokensDialog opened={layer === 'tokens'} onClose={close} />
      <CreateLibraryDialog
        opened={layer === 'createLibrary'}
        onClose={close}
        onCreated={(id) => void navigate({ to: '/l/$libraryId', params: { libraryId: id } })}
      />
      <SignInAgain person={person} />
    </div>
  );
}

/** Another page: the focus goes to it, so that a screen reader reads on from there. */
function useFocusOnNavigation(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const page = document.getElementById('page');
    if (page && !page.contains(document.activeElement)) page.focus({ preventScroll: true });
  }, [path]);
}
