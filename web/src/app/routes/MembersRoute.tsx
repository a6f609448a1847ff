import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MeaningSettings } from '../../features/annotation/MeaningSettings';
import { sessionQuery } from '../../features/identity/api';
import { may } from '../../features/library/api';
import { MembersPage } from '../../features/library/MembersPage';
import { queryKeys } from '../../lib/queryKeys';
import { forgetLibrary } from '../lastLibrary';
import { useTitle } from '../useTitle';
import { LibraryGate } from './LibraryGate';

export function MembersRoute() {
  const { t } = useTranslation('app');
  const { person } = useSuspenseQuery(sessionQuery()).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  useTitle(t('nav.members'));
  return (
    <LibraryGate>
      {(library) => (
        <>
          <MembersPage
            key={library.id}
            library={library}
            me={person}
            onLeft={() => {
              forgetLibrary();
              void client.invalidateQueries({ queryKey: queryKeys.libraries }).then(() => navigate({ to: '/' }));
            }}
          />
          {may.manageMembers(library.role) ? <MeaningSettings key={`${library.id}/meanings`} libraryId={library.id} /> : null}
        </>
      )}
    </LibraryGate>
  );
}
