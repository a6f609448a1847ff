/**
 * The names under which server state is cached. Here, because live changes of
 * one part of the app make another part's data stale.
 */
export interface DocumentListParams {
  sort: 'added' | 'title' | 'year';
  order: 'asc' | 'desc';
  q: string;
  state: 'all' | 'failed';
  trashed: boolean;
  /** Ids with commas between them; of several, a document has all. */
  tag?: string;
  /** The id of one; what is in those under it is in the list too. */
  collection?: string;
}

export const queryKeys = {
  meta: ['meta'] as const,
  session: ['session'] as const,
  tokens: ['tokens'] as const,
  libraries: ['libraries'] as const,
  /** Everything cached that belongs to one library. */
  library: (libraryId: string) => ['library', libraryId] as const,
  documentLists: (libraryId: string) => ['library', libraryId, 'documents'] as const,
  documentList: (libraryId: string, params: DocumentListParams) => ['library', libraryId, 'documents', params] as const,
  tags: (libraryId: string) => ['library', libraryId, 'tags'] as const,
  collections: (libraryId: string) => ['library', libraryId, 'collections'] as const,
  savedSearches: (libraryId: string) => ['library', libraryId, 'saved-searches'] as const,
  savedSearchCounts: (libraryId: string) => ['library', libraryId, 'saved-search-counts'] as const,
  /** How many documents one finds; another query is another count. */
  savedSearchCount: (libraryId: string, id: string, q: string) => ['library', libraryId, 'saved-search-counts', id, q] as const,
  /** What has to do with each document of a library. */
  relatives: (libraryId: string) => ['library', libraryId, 'related'] as const,
  related: (libraryId: string, documentId: string) => ['library', libraryId, 'related', documentId] as const,
  members: (libraryId: string) => ['library', libraryId, 'members'] as const,
  invitations: (libraryId: string) => ['library', libraryId, 'invitations'] as const,
  uploads: (libraryId: string) => ['uploads', libraryId] as const,
  documents: ['document'] as const,
  document: (documentId: string) => ['document', documentId] as const,
  /** The marks of a document, one list for each edition that is looked at. */
  annotations: (documentId: string) => ['document', documentId, 'annotations'] as const,
  annotationSettings: (libraryId: string) => ['library', libraryId, 'annotation-settings'] as const,
  notifications: ['notifications'] as const,
  /** Which part of the inbox: what is unread, what was read, or how much is unread. */
  inbox: (part: 'unread' | 'read' | 'count') => ['notifications', part] as const,
  notificationSettings: ['notification-settings'] as const,
  watch: (documentId: string) => ['watch', documentId] as const,
  outbox: (state: string) => ['outbox', state] as const,
  activities: ['activity'] as const,
  activity: (scope: 'library' | 'document', id: string) => ['activity', scope, id] as const,
  searches: ['search'] as const,
  search: (q: string, libraryId: string | undefined) => ['search', q, libraryId ?? ''] as const,
};
