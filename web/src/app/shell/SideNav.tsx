import { Menu, Tooltip } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { BookMarked, CopyCheck, FileInput, History, Library, PanelLeftClose, PanelLeftOpen, Share2, Trash2, Users } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatNumber } from '../../lib/format';
import { LiveBibliography } from '../../features/cite/LiveBibliography';
import { may } from '../../features/library/api';
import { SavedNav } from '../../features/savedsearch/SavedNav';
import { OrganiseNav } from '../../features/organise/OrganiseNav';
import { ShareDialog } from '../../features/sharing/ShareDialog';
import type { Collection } from '../../lib/api';
import { useCurrentLibrary } from '../currentLibrary';
import classes from './SideNav.module.css';

interface Props {
  narrow: boolean;
  /** Left out where the width is not the person's choice. */
  onNarrow?: (narrow: boolean) => void;
}

/** The parts of the library on screen. */
export function SideNav({ narrow, onNarrow }: Props) {
  const { t } = useTranslation('app');
  const { t: sharing } = useTranslation('sharing');
  const { t: cite } = useTranslation('cite');
  const library = useCurrentLibrary();
  const [shared, setShared] = useState<Collection>();
  const [live, setLive] = useState<Collection | 'library'>();
  const { tag, collection, saved } = useSearch({ strict: false });
  const size = { size: 16, strokeWidth: 1.75, 'aria-hidden': true };
  return (
    <nav className={classes.nav} data-narrow={narrow || undefined} aria-label={t('nav.label')}>
      {library ? (
        <>
          <Item to="/l/$libraryId" libraryId={library.id} icon={<Library {...size} />} label={t('nav.library')} narrow={narrow} exact filtered={Boolean(tag ?? collection)}>
            {formatNumber(library.document_count)}
          </Item>
          <Item to="/l/$libraryId/activity" libraryId={library.id} icon={<History {...size} />} label={t('nav.activity')} narrow={narrow} />
          <Item to="/l/$libraryId/members" libraryId={library.id} icon={<Users {...size} />} label={t('nav.members')} narrow={narrow}>
            {formatNumber(library.member_count)}
          </Item>
          {narrow ? null : (
            <>
              <SavedNav libraryId={library.id} mayShare={may.editDocuments(library.role)} current={saved} />
            <OrganiseNav libraryId={library.id} mayEdit={may.editDocuments(library.role)} tags={tag?.split(',') ?? []} collection={collection}
              more={(of) => (
                <>
                  {may.shareByLink(library.role) ? (
                    <Menu.Item leftSection={<Share2 {...size} size={15} />} onClick={() => setShared(of)}>
                      {sharing('item')}
                    </Menu.Item>
                  ) : null}
                  <Menu.Item leftSection={<BookMarked {...size} size={15} />} onClick={() => setLive(of)}>
                    {cite('live.item')}
                  </Menu.Item>
                </>
              )}
            />
            </>
          )}
          <div className={classes.spring} />
          <Item to="/l/$libraryId/import" libraryId={library.id} icon={<FileInput {...size} />} label={t('nav.import')} narrow={narrow} />
          <button type="button" className={classes.item} aria-label={narrow ? cite('live.item') : undefined} onClick={() => setLive('library')}>
            <BookMarked {...size} />
            {narrow ? null : <span className={classes.label}>{cite('live.item')}</span>}
          </button>
          <Item to="/l/$libraryId/duplicates" libraryId={library.id} icon={<CopyCheck {...size} />} label={t('nav.duplicates')} narrow={narrow} />
          <Item to="/l/$libraryId/trash" libraryId={library.id} icon={<Trash2 {...size} />} label={t('nav.trash')} narrow={narrow} />
        </>
      ) : (
        <div className={classes.spring} />
      )}
      {shared ? <ShareDialog target={{ collectionId: shared.id }} name={shared.name} onClose={() => setShared(undefined)} /> : null}
      {library && live ? (
        <LiveBibliography
          libraryId={library.id}
          collection={live === 'library' ? undefined : live.id}
          name={live === 'library' ? library.name : live.name}
          onClose={() => setLive(undefined)}
        />
      ) : null}
      <div className={classes.foot} data-empty={narrow && !onNarrow ? true : undefined}>
        {library && !narrow ? (
          <span className={`${classes.storage} tabular`}>{t('nav.storage', { size: formatBytes(library.storage_bytes) })}</span>
        ) : null}
        {onNarrow ? (
          <Tooltip label={narrow ? t('nav.expand') : t('nav.collapse')} position="right">
            <button
              type="button"
              className={classes.fold}
              aria-label={narrow ? t('nav.expand') : t('nav.collapse')}
              onClick={() => onNarrow(!narrow)}
            >
              {narrow ? <PanelLeftOpen {...size} /> : <PanelLeftClose {...size} />}
            </button>
          </Tooltip>
        ) : null}
      </div>
    </nav>
  );
}

interface ItemProps {
  to: '/l/$libraryId' | '/l/$libraryId/activity' | '/l/$libraryId/import' | '/l/$libraryId/duplicates' | '/l/$libraryId/trash' | '/l/$libraryId/members';
  libraryId: string;
  icon: ReactNode;
  label: string;
  narrow: boolean;
  exact?: boolean;
  /** A part of it is shown, which has an entry of its own. */
  filtered?: boolean;
  children?: ReactNode;
}

function Item({ to, libraryId, icon, label, narrow, exact, filtered, children }: ItemProps) {
  const link = (
    <Link
      className={classes.item}
      to={to}
      params={{ libraryId }}
      activeOptions={{ exact: exact ?? false, includeSearch: filtered ?? false }}
      activeProps={{ 'aria-current': 'page' }}
      aria-label={narrow ? label : undefined}
    >
      {icon}
      {narrow ? null : (
        <>
          <span className={classes.label}>{label}</span>
          {children === undefined ? null : <span className={`${classes.count} tabular`}>{children}</span>}
        </>
      )}
    </Link>
  );
  return narrow ? (
    <Tooltip label={label} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}
