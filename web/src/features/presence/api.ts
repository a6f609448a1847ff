/** What presence asks of the server. */
import { api, unwrap, type Here, type ReadingPlace } from '../../lib/api';

const path = (documentId: string) => ({ path: { document_id: documentId } });

/** Everybody's open windows, mine among them. */
export async function fetchPresence(documentId: string): Promise<Here[]> {
  const { items } = await unwrap(api.GET('/api/documents/{document_id}/presence', { params: path(documentId) }));
  return items;
}

/** Where I was last; null before I first read it. */
export async function fetchPlace(documentId: string): Promise<ReadingPlace | null> {
  const { position } = await unwrap(api.GET('/api/documents/{document_id}/position', { params: path(documentId) }));
  return position;
}

/** Keeps my place and answers with the one that holds: of two, the later. `leaving` lets it outlive the page. */
export async function putPlace(documentId: string, body: ReadingPlace, leaving = false): Promise<ReadingPlace | null> {
  const { position } = await unwrap(
    api.PUT('/api/documents/{document_id}/position', { params: path(documentId), body, keepalive: leaving }),
  );
  return position;
}
