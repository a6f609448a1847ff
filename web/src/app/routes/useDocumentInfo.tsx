import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CitationKey } from '../../features/cite/CitationKey';
import { CiteButton } from '../../features/cite/CiteDialog';
import { Editions } from '../../features/document/Editions';
import { AddVersion } from '../../features/ingest/AddVersion';
import { may } from '../../features/library/api';
import { ActivityList } from '../../features/notify/ActivityList';
import { WatchButton } from '../../features/notify/WatchButton';
import { DocumentPlaces } from '../../features/organise/DocumentPlaces';
import { RelatedPapers } from '../../features/search/RelatedPapers';
import { RelocateButton } from '../../features/relocate/RelocateButton';
import type { InfoPart } from '../../features/reader/slots';
import type { DocumentDetail } from '../../lib/api';
import { useTargets } from './useTargets';

/** Below the facts: the versions, what has to do with it, whether one is told of news, and what was done. */
export function useDocumentInfo(document: DocumentDetail, editionId: string): readonly InfoPart[] {
  const { t: cite } = useTranslation('cite');
  const { t: documents } = useTranslation('document');
  const { t: notify } = useTranslation('notify');
  const { t: organise } = useTranslation('organise');
  const { t: search } = useTranslation('search');
  const { t: relocate } = useTranslation('relocate');
  const libraries = useTargets(document.library_id);
  return useMemo(() => {
    const mayEdit = may.editDocuments(document.role) && !document.trashed_at;
    return [
      { id: 'places', title: organise('place.title'), content: <DocumentPlaces document={document} mayEdit={mayEdit} /> },
      {
        id: 'cite',
        title: cite('cite'),
        content: (
          <>
            <CiteButton libraryId={document.library_id} documentId={document.id} />
            <CitationKey documentId={document.id} mayEdit={mayEdit} />
          </>
        ),
      },
      {
        id: 'versions',
        title: documents('editions.title'),
        content: (
          <>
            <Editions document={document} editionId={editionId} mayEdit={mayEdit} />
            {may.addDocuments(document.role) && !document.trashed_at ? (
              <AddVersion libraryId={document.library_id} documentId={document.id} first={!document.edition} />
            ) : null}
          </>
        ),
      },
      {
        id: 'related',
        title: search('related.title'),
        // Another paper begins with short lists again.
        content: <RelatedPapers key={document.id} libraryId={document.library_id} documentId={document.id} />,
      },
      ...(document.trashed_at
        ? []
        : [
            {
              id: 'relocate',
              title: relocate('heading'),
              content: (
                <RelocateButton
                  fromLibraryId={document.library_id}
                  libraries={libraries}
                  documentId={document.id}
                  mayMove={may.editDocuments(document.role)}
                />
              ),
            },
          ]),
      { id: 'watch', title: notify('watch.label'), content: <WatchButton documentId={document.id} /> },
      { id: 'activity', title: notify('activity.title'), content: <ActivityList scope="document" id={document.id} compact /> },
    ];
  }, [document, editionId, cite, documents, notify, organise, search, relocate, libraries]);
}
