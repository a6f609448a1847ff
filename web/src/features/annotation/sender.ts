/** Sends one change. Its id goes along, so that the server takes it once however often it is sent. */
import { api, unwrap, type Annotation } from '../../lib/api';
import type { Change } from './changes';

/**
 * The mark as the server has it afterwards; null where the answer has none. Throws
 * ApiError.
 */
export type Send = (change: Change) => Promise<Annotation | null>;

export const send: Send = async ({ id, documentId, markId, op }) => {
  const header = { 'Idempotency-Key': id };
  const mark = { params: { path: { annotation_id: markId }, header } };
  switch (op.do) {
    case 'make':
      return unwrap(
        api.POST('/api/documents/{document_id}/annotations', {
          params: { path: { document_id: documentId }, header },
          body: op.mark,
        }),
      );
    case 'edit':
      return unwrap(api.PATCH('/api/annotations/{annotation_id}', { ...mark, body: op.edit }));
    case 'delete':
      await unwrap(api.DELETE('/api/annotations/{annotation_id}', mark));
      return null;
    case 'restore':
      return unwrap(api.POST('/api/annotations/{annotation_id}/restore', mark));
    case 'resolve':
      return unwrap(
        op.resolved
          ? api.POST('/api/annotations/{annotation_id}/resolve', mark)
          : api.POST('/api/annotations/{annotation_id}/reopen', mark),
      );
    case 'assign':
      return unwrap(
        api.PUT('/api/annotations/{annotation_id}/assignee', { ...mark, body: { person_id: op.person?.id ?? null } }),
      );
    case 'confirm':
      return unwrap(
        api.POST('/api/annotations/{annotation_id}/position', { ...mark, body: { edition_id: op.editionId } }),
      );
    case 'reply':
      return unwrap(
        api.POST('/api/annotations/{annotation_id}/replies', { ...mark, body: { id: op.replyId, body: op.body } }),
      );
    case 'edit-reply':
      return unwrap(
        api.PATCH('/api/replies/{reply_id}', {
          params: { path: { reply_id: op.replyId }, header },
          body: { revision: op.revision, body: op.body },
        }),
      );
    case 'delete-reply':
      await unwrap(api.DELETE('/api/replies/{reply_id}', { params: { path: { reply_id: op.replyId }, header } }));
      return null;
    case 'restore-reply':
      return unwrap(
        api.POST('/api/replies/{reply_id}/restore', { params: { path: { reply_id: op.replyId }, header } }),
      );
    case 'react': {
      if (op.replyId === null) {
        const at = { params: { path: { annotation_id: markId, emoji: op.emoji }, header } };
        return unwrap(
          op.on
            ? api.PUT('/api/annotations/{annotation_id}/reactions/{emoji}', at)
            : api.DELETE('/api/annotations/{annotation_id}/reactions/{emoji}', at),
        );
      }
      const at = { params: { path: { reply_id: op.replyId, emoji: op.emoji }, header } };
      return unwrap(
        op.on
          ? api.PUT('/api/replies/{reply_id}/reactions/{emoji}', at)
          : api.DELETE('/api/replies/{reply_id}/reactions/{emoji}', at),
      );
    }
  }
};
