import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Library } from '../../lib/api';
import { useCurrentLibrary } from '../currentLibrary';
import { Notice } from '../shell/Notice';

/** Somebody who is in no library at all: removed from every one. */
export function NoLibrary() {
  const { t } = useTranslation('app');
  return <Notice title={t('library.none')} text={t('library.noneText')} />;
}

/** The page with its library, or why there is none. */
export function LibraryGate({ children }: { children: (library: Library) => ReactNode }) {
  const { t } = useTranslation('app');
  const library = useCurrentLibrary();
  if (library) return children(library);
  return (
    <Notice title={t('library.gone')} text={t('library.goneText')}>
      <Anchor component={Link} to="/">
        {t('notFound.home')}
      </Anchor>
    </Notice>
  );
}
