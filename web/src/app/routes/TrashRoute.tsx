import { useTranslation } from 'react-i18next';
import { TrashPage } from '../../features/document/TrashPage';
import { may } from '../../features/library/api';
import { useTitle } from '../useTitle';
import { LibraryGate } from './LibraryGate';

export function TrashRoute() {
  const { t } = useTranslation('app');
  useTitle(t('nav.trash'));
  return (
    <LibraryGate>
      {(library) => (
        <TrashPage
          key={library.id}
          libraryId={library.id}
          mayEdit={may.editDocuments(library.role)}
          mayPurge={may.purgeDocuments(library.role)}
        />
      )}
    </LibraryGate>
  );
}
