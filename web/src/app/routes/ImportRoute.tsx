import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ImportPage } from '../../features/intake/ImportPage';
import { may } from '../../features/library/api';
import { useTitle } from '../useTitle';
import { LibraryGate } from './LibraryGate';

export function ImportRoute() {
  const { t } = useTranslation('intake');
  useTitle(t('title'));
  return (
    <LibraryGate>
      {(library) => (
        <ImportPage
          key={library.id}
          libraryId={library.id}
          mayAdd={may.addDocuments(library.role)}
          toLibrary={
            <Button size="xs" component={Link} to={`/l/${library.id}`}>
              {t('open')}
            </Button>
          }
        />
      )}
    </LibraryGate>
  );
}
