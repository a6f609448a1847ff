/** Marks for tests. */
import type { Annotation, AnnotationReply } from '../../lib/api';

export const ada = { id: '11111111-1111-4111-8111-111111111111', name: 'Ada Okonkwo' };
export const ines = { id: '22222222-2222-4222-8222-222222222222', name: 'Ines Calder' };

export function markOf(id: string, changes: Partial<Annotation> = {}): Annotation {
  return {
    id,
    library_id: 'library',
    document_id: 'document',
    edition_id: 'edition',
    kind: 'highlight',
    meaning: 'key',
    private: false,
    author: ada,
    body: '',
    revision: 1,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    edited_at: null,
    resolved_at: null,
    resolved_by: null,
    assignee: null,
    deleted_at: null,
    origin: 'person',
    anchor: {
      edition_id: 'edition',
      status: 'exact',
      score: 1,
      confirmed: false,
      exact: 'what it says',
      prefix: '',
      suffix: '',
      parts: [{ page: 1, start: 0, end: 10, quads: [[0, 700, 100, 700, 0, 690, 100, 690]], rect: null, paths: [] }],
    },
    replies: [],
    reactions: [],
    ...changes,
  };
}

export const replyOf = (id: string, body: string, changes: Partial<AnnotationReply> = {}): AnnotationReply => ({
  id,
  author: ines,
  body,
  revision: 1,
  created_at: '2026-01-02T00:00:00Z',
  edited_at: null,
  deleted_at: null,
  reactions: [],
  ...changes,
});

/** A mark on page `page` from code point `start`. */
export const markAt = (id: string, page: number, start: number): Annotation => {
  const mark = markOf(id);
  const part = { page, start, end: start + 5, quads: [[0, 700 - start, 9, 700 - start, 0, 690 - start, 9, 690 - start]], rect: null, paths: [] };
  return { ...mark, anchor: { ...mark.anchor, parts: [part] } };
};
