import { useTranslation } from 'react-i18next';
import { DuplicatesPage } from '../../features/document/DuplicatesPage';
import { may } from '../../features/library/api';
import { useTitle } from '../useTitle';
import { LibraryGate } from './LibraryGate';

export function DuplicatesRoute() {
  const { t } = useTranslation('app');
  useTitle(t('nav.duplicates'));
  return <LibraryGate>{(library) => <DuplicatesPage key={library.id} libraryId={library.id} mayEdit={may.editDocuments(library.role)} />}</LibraryGate>;
}
