import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { ChangesProvider } from '../../features/annotation/ChangesProvider';
import { sessionQuery } from '../../features/identity/api';
import { DropTarget } from '../../features/ingest/DropTarget';
import { UploadProvider } from '../../features/ingest/UploadProvider';
import { UploadTray } from '../../features/ingest/UploadTray';
import { beginImport, importsQuery, isBibliography } from '../../features/intake/api';
import { may } from '../../features/library/api';
import { toastError } from '../../ui/toast';
import { CurrentLibraryProvider, useCurrentLibrary } from '../currentLibrary';
import { LiveProvider, useLiveState } from '../live/LiveProvider';
import { Shell } from '../shell/Shell';
import { readAhead } from './readAhead';

/** Everything for somebody who is signed in: bars, uploads and live news around the page. */
export function FrameRoute() {
  return (
    <CurrentLibraryProvider>
      <Frame />
    </CurrentLibraryProvider>
  );
}

function Frame() {
  const { person } = useSuspenseQuery(sessionQuery()).data;
  const library = useCurrentLibrary();
  const navigate = useNavigate();
  useEffect(readAhead, []);
  const client = useQueryClient();
  const bringIn = (file: File): boolean => {
    if (!library || !isBibliography(file.name)) return false;
    const params = { libraryId: library.id };
    beginImport(library.id, file)
      .catch(toastError)
      .finally(() => client.invalidateQueries({ queryKey: importsQuery(library.id).queryKey }));
    void navigate({ to: '/l/$libraryId/import', params });
    return true;
  };
  const canWrite = library !== undefined && may.addDocuments(library.role);
  return (
    <LiveProvider personId={person.id} libraryId={library?.id}>
      <Changes personId={person.id}>
        <UploadProvider
          personId={person.id}
          libraryId={canWrite ? library.id : null}
          onOpenDocument={(documentId) => void navigate({ to: '/d/$documentId', params: { documentId } })}
        >
          <DropTarget canWrite={canWrite} onOther={bringIn}>
            <Shell person={person}>
              <Outlet />
            </Shell>
            <UploadTray />
          </DropTarget>
        </UploadProvider>
      </Changes>
    </LiveProvider>
  );
}

function Changes({ personId, children }: { personId: string; children: ReactNode }) {
  return (
    <ChangesProvider personId={personId} connected={useLiveState() === 'live'}>
      {children}
    </ChangesProvider>
  );
}
