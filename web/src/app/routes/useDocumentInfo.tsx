import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CiteButton } from '../../features/cite/CiteDialog';
import { Editions } from '../../features/document/Editions';
import { AddVersion } from '../../features/ingest/AddVersion';
import { may } from '../../features/library/api';
import { ActivityList } from '../../features/notify/ActivityList';
import { WatchButton } from '../../features/notify/WatchButton';
import type { InfoPart } from '../../features/reader/slots';
import type { DocumentDetail } from '../../lib/api';

/** Below the facts: the versions, whether one is told of news, and what was done. */
export function useDocumentInfo(document: DocumentDetail, editionId: string): readonly InfoPart[] {
  const { t: cite } = useTranslation('cite');
  const { t: documents } = useTranslation('document');
  const { t: notify } = useTranslation('notify');
  return useMemo(
    () => [
      { id: 'cite', title: cite('cite'), content: <CiteButton libraryId={document.library_id} documentId={document.id} /> },
      {
        id: 'versions',
        title: documents('editions.title'),
        content: (
          <>
            <Editions document={document} editionId={editionId} mayEdit={may.editDocuments(document.role) && !document.trashed_at} />
            {may.addDocuments(document.role) && !document.trashed_at ? (
              <AddVersion libraryId={document.library_id} documentId={document.id} first={!document.edition} />
            ) : null}
          </>
        ),
      },
      { id: 'watch', title: notify('watch.label'), content: <WatchButton documentId={document.id} /> },
      { id: 'activity', title: notify('activity.title'), content: <ActivityList scope="document" id={document.id} compact /> },
    ],
    [document, editionId, cite, documents, notify],
  );
}
