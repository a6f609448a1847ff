/** What the discussion asks of the server. Changes to marks go through the queue: changes.ts. */
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Annotation, type AnnotationSettings, type Edition, type Meaning } from '../../lib/api';
import { isGuest } from '../../lib/guest';
import { queryKeys } from '../../lib/queryKeys';

/** At most this many at once; the server's own limit. */
const pageSize = 1000;

const listKey = (documentId: string, editionId: string) => [...queryKeys.annotations(documentId), editionId] as const;

/** Of a work without a file, whose notes are listed under the work's own id. */
const askedFor = (documentId: string, editionId: string) => (editionId === documentId ? undefined : editionId);

/** All marks of a document that I may see, placed in this edition, in the order of the text. */
export const annotationsQuery = (documentId: string, editionId: string) =>
  queryOptions({
    queryKey: listKey(documentId, editionId),
    queryFn: async ({ signal }) => {
      const all: Annotation[] = [];
      let after: string | undefined;
      do {
        const page = await unwrap(
          api.GET('/api/documents/{document_id}/annotations', {
            signal,
            params: { path: { document_id: documentId }, query: { edition_id: askedFor(documentId, editionId), after, limit: pageSize } },
          }),
        );
        all.push(...page.items);
        after = page.next ?? undefined;
      } while (after !== undefined);
      return all;
    },
    // Objects that did not change are told apart by identity; thousands are not compared deeply.
    structuralSharing: false,
  });

/** These marks as they are now; those that are gone or not mine to see are left out. */
export const fetchAnnotations = async (documentId: string, editionId: string, ids: readonly string[]) => {
  const page = await unwrap(
    api.GET('/api/documents/{document_id}/annotations', {
      params: {
        path: { document_id: documentId },
        query: { edition_id: askedFor(documentId, editionId), ids: [...ids], limit: pageSize },
      },
      // ids=a,b: of ids=a&ids=b the server reads one alone.
      querySerializer: { array: { style: 'form', explode: false } },
    }),
  );
  return page.items;
};

/** What I deleted of a document's marks and can take back. */
export const deletedQuery = (documentId: string) =>
  queryOptions({
    queryKey: ['document', documentId, 'deleted-annotations'] as const,
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET('/api/documents/{document_id}/deleted-annotations', { signal, params: { path: { document_id: documentId } } }),
        )
      ).items,
    // Read each time the dialog is opened.
    staleTime: 0,
    gcTime: 0,
  });

export const historyQuery = (annotationId: string) =>
  queryOptions({
    queryKey: ['annotation', annotationId, 'history'] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/annotations/{annotation_id}/history', {
          signal,
          params: { path: { annotation_id: annotationId } },
        }),
      ),
    // Read each time the dialog is opened.
    staleTime: 0,
    gcTime: 0,
  });

export const settingsQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.annotationSettings(libraryId),
    // A guest is told nothing of the library.
    enabled: !isGuest(),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/libraries/{library_id}/annotation-settings', {
          signal,
          params: { path: { library_id: libraryId } },
        }),
      ),
  });

export const saveSettings = (libraryId: string, settings: AnnotationSettings): Promise<AnnotationSettings> =>
  unwrap(
    api.PUT('/api/libraries/{library_id}/annotation-settings', {
      params: { path: { library_id: libraryId } },
      body: settings,
    }),
  );

/** Who can be mentioned and asked. */
export const membersQuery = (libraryId: string) =>
  queryOptions({
    queryKey: queryKeys.members(libraryId),
    enabled: !isGuest(),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/libraries/{library_id}/members', { signal, params: { path: { library_id: libraryId } } })),
  });

export type MeaningNames = Readonly<Record<Meaning, string>>;

/** Names what made the edition's text: positions of another version would be wrong. */
export const textVersionQuery = ({ id, parsed_at }: Pick<Edition, 'id' | 'parsed_at'>) =>
  queryOptions({
    queryKey: ['edition', id, parsed_at, 'text-version'] as const,
    queryFn: async ({ signal }) => {
      const pages = await unwrap(
        api.GET('/api/editions/{edition_id}/pages', { signal, params: { path: { edition_id: id } } }),
      );
      return pages.text_version;
    },
  });
