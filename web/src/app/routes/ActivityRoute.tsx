import { useTranslation } from 'react-i18next';
import { ActivityPage } from '../../features/notify/ActivityPage';
import { useTitle } from '../useTitle';
import { LibraryGate } from './LibraryGate';

export function ActivityRoute() {
  const { t } = useTranslation('app');
  useTitle(t('nav.activity'));
  return <LibraryGate>{(library) => <ActivityPage library={library} />}</LibraryGate>;
}
