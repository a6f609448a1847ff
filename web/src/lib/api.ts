/**
 * The typed client for the server's API, and the shapes it answers with.
 *
 * The shapes are named by the route that gives them, not by the generator's
 * schema names, so that a renamed Go type changes nothing here.
 */
import createClient from 'openapi-fetch';
import type { paths } from '../api/schema.gen';
import { apiPath, isGuest } from './guest';
import { ApiError, problemFrom } from './problem';
import { reportSignedOut } from './session';

type Content<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Responses<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  responses: infer R;
}
  ? R
  : never;

/** What a route answers with on success. */
export type Answer<P extends keyof paths, M extends keyof paths[P]> =
  | (Responses<P, M> extends { 200: infer R } ? Content<R> : never)
  | (Responses<P, M> extends { 201: infer R } ? Content<R> : never)
  | (Responses<P, M> extends { 202: infer R } ? Content<R> : never);

/** What a route is asked with. */
export type Asked<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  requestBody: { content: { 'application/json': infer T } };
}
  ? T
  : never;

export type Meta = Answer<'/api/meta', 'get'>;
export type Session = Answer<'/api/session', 'get'>;
export type Person = Session['person'];
export type Token = Answer<'/api/tokens', 'get'>['items'][number];
export type NewToken = Answer<'/api/tokens', 'post'>;
export type Library = Answer<'/api/libraries/{library_id}', 'get'>;
export type Role = Library['role'];
export type Member = Answer<'/api/libraries/{library_id}/members', 'get'>['items'][number];
export type Invitation = Answer<'/api/libraries/{library_id}/invitations', 'get'>['items'][number];
export type NewInvitation = Answer<'/api/libraries/{library_id}/invitations', 'post'>;
export type InvitationPreview = Answer<'/api/invitations/preview', 'post'>;
export type ChangePage = Answer<'/api/libraries/{library_id}/changes', 'get'>;
export type Change = ChangePage['items'][number];

export type DocumentPage = Answer<'/api/libraries/{library_id}/documents', 'get'>;
/** A document as it is listed. */
export type Document = DocumentPage['items'][number];
/** A document with all that is known about it. */
export type DocumentDetail = Answer<'/api/documents/{document_id}', 'get'>;
export type Tag = Answer<'/api/libraries/{library_id}/tags', 'get'>['items'][number];
export type TagColor = Tag['color'];
export type Collection = Answer<'/api/libraries/{library_id}/collections', 'get'>['items'][number];
/** Which documents a tag or a collection gained and lost. */
export type OrganisedChange = Answer<'/api/tags/{tag_id}/documents', 'post'>;
export type Edition = NonNullable<Document['edition']>;
export type Author = Document['authors'][number];
export type EditionState = Edition['state'];
export type PageList = Answer<'/api/editions/{edition_id}/pages', 'get'>;
export type PageText = Answer<'/api/editions/{edition_id}/pages/{number}', 'get'>;
export type Upload = Answer<'/api/libraries/{library_id}/uploads', 'get'>['items'][number];
export type SearchAnswer = Answer<'/api/search', 'get'>;
export type Hit = SearchAnswer['hits'][number];
/** A query that is kept under a name, as I see it. */
export type SavedSearch = Answer<'/api/libraries/{library_id}/saved-searches', 'get'>['items'][number];
export type SavedSearchCount = Answer<'/api/saved-searches/{saved_search_id}/count', 'get'>;
/** Documents that have to do with one. */
export type RelatedPapers = Answer<'/api/documents/{document_id}/related', 'get'>;
export type AnnotationPage = Answer<'/api/documents/{document_id}/annotations', 'get'>;
/** A mark with what was said about it, as one person sees it. */
export type Annotation = AnnotationPage['items'][number];
export type AnnotationReply = Annotation['replies'][number];
export type AnnotationPerson = Annotation['author'];
export type AnnotationReaction = Annotation['reactions'][number];
export type AnnotationPart = Annotation['anchor']['parts'][number];
export type MarkKind = Annotation['kind'];
export type Meaning = Annotation['meaning'];
export type NewAnnotation = Asked<'/api/documents/{document_id}/annotations', 'post'>;
export type AnnotationEdit = Asked<'/api/annotations/{annotation_id}', 'patch'>;
export type AnnotationHistory = Answer<'/api/annotations/{annotation_id}/history', 'get'>['items'];
export type AnnotationSettings = Answer<'/api/libraries/{library_id}/annotation-settings', 'get'>;
export type Inbox = Answer<'/api/notifications', 'get'>;
/** One thing that concerns me. */
export type Notification = Inbox['items'][number];
export type NotificationSettings = Answer<'/api/notifications/settings', 'get'>;
export type WatchState = Answer<'/api/documents/{document_id}/watch', 'get'>['state'];
export type OutboxMail = Answer<'/api/outbox', 'get'>['items'][number];
export type ActivityPage = Answer<'/api/libraries/{library_id}/activity', 'get'>;
export type Presence = Answer<'/api/documents/{document_id}/presence', 'get'>;
/** Where in a document somebody is, in one open window. */
export type Here = Presence['items'][number];
/** Where I was in a document last. */
export type ReadingPlace = Asked<'/api/documents/{document_id}/position', 'put'>;
/** A link that something is shared by. */
export type ShareLink = Answer<'/api/documents/{document_id}/links', 'get'>['items'][number];
export type ShareAccess = ShareLink['access'];
/** What a link shows to its guests. */
export type ShareVisit = Answer<'/api/visit', 'get'>;
export type ShareDocument = ShareVisit['documents'][number];
export type BibliographyAddress = Answer<'/api/libraries/{library_id}/bibliography-addresses', 'get'>['items'][number];
export type ActivityItem = ActivityPage['items'][number];

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  // Looked up at call time, so that a test can put its own in place.
  fetch: (request: Request) => globalThis.fetch(request),
});

// A 401 here is an answer to a question, not the end of a session.
const asksWhoIAm = new Set(['/api/session', '/api/setup', '/api/invitations/accept']);

// Opening a link is for everybody; what comes after goes by the link.
const forEverybody = new Set(['/api/links/open']);

api.use({
  async onRequest({ request, schemaPath }) {
    if (!isGuest() || forEverybody.has(schemaPath)) return undefined;
    const { method, headers, credentials, signal, url: asked } = request;
    const url = new URL(asked);
    // A body that is handed on as a stream is not sent over HTTP/1.1.
    const body = method === 'GET' || method === 'HEAD' ? null : await request.text();
    return new Request(url.origin + apiPath(url.pathname) + url.search, { method, headers, credentials, signal, body: body === '' ? null : body });
  },
  onResponse({ response, schemaPath }) {
    if (isGuest() || forEverybody.has(schemaPath)) return undefined;
    if (response.status === 401 && !asksWhoIAm.has(schemaPath)) reportSignedOut();
    return undefined;
  },
});

/**
 * The body of a successful call. Throws ApiError: with the server's problem
 * when it answered, with code `offline` when nothing answered.
 */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let result: Awaited<typeof call>;
  try {
    result = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(
      { status: 0, code: 'offline', title: 'Offline', detail: '' },
      { cause },
    );
  }
  if (!result.response.ok) {
    throw new ApiError(problemFrom(result.error, result.response.status));
  }
  return result.data as T;
}
