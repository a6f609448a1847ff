import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useMatchRoute, useParams } from '@tanstack/react-router';
import { ArrowLeft, ChevronRight, Menu as MenuIcon, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { documentQuery } from '../../features/document/api';
import { UploadButton } from '../../features/ingest/UploadButton';
import { may } from '../../features/library/api';
import { Bell } from '../../features/notify/Bell';
import type { Person } from '../../lib/api';
import { Keys } from '../../ui/Keys';
import { useCurrentLibrary } from '../currentLibrary';
import { AccountMenu } from './AccountMenu';
import { BarPlace } from './barPlace';
import { LibrarySwitcher } from './LibrarySwitcher';
import { SearchField } from './SearchField';
import type { Layer } from './Shell';
import classes from './TopBar.module.css';

interface Props {
  person: Person;
  onLayer: (layer: Layer) => void;
  onMenu: () => void;
  showMenu: boolean;
}

export function TopBar({ person, onLayer, onMenu, showMenu }: Props) {
  const { t } = useTranslation('app');
  const library = useCurrentLibrary();
  const matchRoute = useMatchRoute();
  const { documentId } = useParams({ strict: false });
  const inSearch = Boolean(matchRoute({ to: '/search' }));
  return (
    <header className={classes.bar} data-document={documentId ? true : undefined} data-search={inSearch || undefined}>
      <div className={classes.start}>
        {showMenu ? (
          <ActionIcon size={44} aria-label={t('nav.open')} onClick={onMenu}>
            <MenuIcon size={18} strokeWidth={1.75} />
          </ActionIcon>
        ) : null}
        {documentId && library ? (
          <Link className={classes.back} to="/l/$libraryId" params={{ libraryId: library.id }} aria-label={t('bar.back')}>
            <ArrowLeft size={18} strokeWidth={1.75} aria-hidden />
          </Link>
        ) : null}
        <LibrarySwitcher onCreate={() => onLayer('createLibrary')} />
      </div>
      {documentId ? (
        <DocumentTitle documentId={documentId} />
      ) : inSearch ? (
        <SearchField />
      ) : (
        <button type="button" className={classes.search} aria-label={t('bar.search')} onClick={() => onLayer('palette')}>
          <Search size={16} strokeWidth={1.75} aria-hidden />
          <span className={classes.searchWord}>{t('bar.search')}</span>
          <Keys keys="Mod+K" />
        </button>
      )}
      <div className={classes.end}>
        <BarPlace />
        {documentId ? (
          <button type="button" className={classes.searchSmall} aria-label={t('bar.search')} onClick={() => onLayer('palette')}>
            <Search size={16} strokeWidth={1.75} aria-hidden />
            <Keys keys="Mod+K" />
          </button>
        ) : null}
        <UploadButton canWrite={library !== undefined && may.addDocuments(library.role)} />
        <Bell />
        <AccountMenu person={person} onLayer={onLayer} />
      </div>
    </header>
  );
}

function DocumentTitle({ documentId }: { documentId: string }) {
  const { t } = useTranslation('app');
  const library = useCurrentLibrary();
  const document = useQuery(documentQuery(documentId)).data;
  return (
    <div className={classes.crumbs}>
      {library ? (
        <>
          <Link className={classes.crumb} to="/l/$libraryId" params={{ libraryId: library.id }}>
            {t('nav.library')}
          </Link>
          <ChevronRight className={classes.chevron} size={14} strokeWidth={1.75} aria-hidden />
        </>
      ) : null}
      <h1 className={classes.documentTitle} title={document?.title}>
        {document?.title ?? ''}
      </h1>
    </div>
  );
}
