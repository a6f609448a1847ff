/**
 * The marks as their reader has left them: what the server has, with what it has
 * not confirmed yet put on top. Pure; nothing of it is written into the cache, so
 * that a refused change needs no taking back.
 */
import type { Annotation, AnnotationPerson, AnnotationReaction, AnnotationReply } from '../../lib/api';
import type { Change, Op } from './changes';

export interface Me {
  id: string;
  name: string;
}

/**
 * `items` with the changes of this document applied in order. A stale change is
 * left out: what others wrote is shown, and the person asked. Of refused ones
 * only new texts stay, for they would be nowhere else.
 */
export function overlay(items: readonly Annotation[], changes: readonly Change[], me: Me): readonly Annotation[] {
  if (changes.length === 0) return items;
  const found = new Map(items.map((item) => [item.id, item]));
  for (const change of changes) {
    const { op, state } = change;
    if (state === 'stale') continue;
    if (state === 'refused' && op.do !== 'make' && op.do !== 'reply') continue;
    const before = found.get(change.markId);
    if (op.do === 'make') {
      if (!before) found.set(change.markId, made(change, op, me));
    } else if (before) {
      found.set(change.markId, applied(before, change, op, me));
    }
  }
  return [...found.values()].filter((item) => item.deleted_at === null);
}

function made(change: Change, op: Extract<Op, { do: 'make' }>, me: Me): Annotation {
  const { mark } = op;
  return {
    id: mark.id,
    library_id: change.libraryId,
    document_id: change.documentId,
    edition_id: mark.edition_id ?? null,
    kind: mark.kind,
    meaning: mark.meaning,
    private: mark.private,
    author: { id: me.id, name: me.name },
    body: mark.body ?? '',
    revision: 1,
    created_at: change.at,
    updated_at: change.at,
    edited_at: null,
    resolved_at: null,
    resolved_by: null,
    assignee: null,
    deleted_at: null,
    origin: 'person',
    anchor: {
      // A note is placed in every edition alike.
      edition_id: mark.edition_id ?? change.documentId,
      status: 'exact',
      score: 1,
      confirmed: false,
      exact: op.exact,
      prefix: '',
      suffix: '',
      parts: op.parts,
    },
    replies: [],
    reactions: [],
  };
}

function applied(item: Annotation, change: Change, op: Op, me: Me): Annotation {
  const myself: AnnotationPerson = { id: me.id, name: me.name };
  switch (op.do) {
    case 'make':
      return item;
    case 'edit': {
      const { body, meaning, kind, private: secret } = op.edit;
      return {
        ...item,
        revision: item.revision + 1,
        edited_at: body !== undefined && body !== item.body ? change.at : item.edited_at,
        body: body ?? item.body,
        meaning: meaning ?? item.meaning,
        kind: kind ?? item.kind,
        private: secret ?? item.private,
        anchor: op.parts ? { ...item.anchor, status: 'exact', score: 1, parts: op.parts } : item.anchor,
      };
    }
    case 'delete':
      return { ...item, deleted_at: change.at };
    case 'restore':
      return { ...item, deleted_at: null };
    case 'resolve':
      return op.resolved
        ? { ...item, resolved_at: item.resolved_at ?? change.at, resolved_by: item.resolved_by ?? myself }
        : { ...item, resolved_at: null, resolved_by: null };
    case 'assign':
      return { ...item, assignee: op.person };
    case 'confirm':
      return { ...item, anchor: { ...item.anchor, confirmed: true } };
    case 'reply':
      if (item.replies.some(({ id }) => id === op.replyId)) return item;
      return {
        ...item,
        replies: [
          ...item.replies,
          {
            id: op.replyId,
            author: myself,
            body: op.body,
            revision: 1,
            created_at: change.at,
            edited_at: null,
            deleted_at: null,
            reactions: [],
          },
        ],
      };
    case 'edit-reply':
      return withReply(item, op.replyId, (reply) => ({
        ...reply,
        body: op.body,
        revision: reply.revision + 1,
        edited_at: change.at,
      }));
    case 'delete-reply':
      return withReply(item, op.replyId, (reply) => ({ ...reply, deleted_at: change.at }));
    case 'restore-reply':
      return withReply(item, op.replyId, (reply) => ({ ...reply, deleted_at: null }));
    case 'react':
      return op.replyId === null
        ? { ...item, reactions: reacted(item.reactions, op.emoji, op.on, myself) }
        : withReply(item, op.replyId, (reply) => ({
            ...reply,
            reactions: reacted(reply.reactions, op.emoji, op.on, myself),
          }));
  }
}

function withReply(item: Annotation, id: string, edit: (reply: AnnotationReply) => AnnotationReply): Annotation {
  return { ...item, replies: item.replies.map((reply) => (reply.id === id ? edit(reply) : reply)) };
}

function reacted(
  reactions: readonly AnnotationReaction[],
  emoji: string,
  on: boolean,
  me: AnnotationPerson,
): AnnotationReaction[] {
  const others = (people: readonly AnnotationPerson[]) => people.filter(({ id }) => id !== me.id);
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  const all = known || !on ? reactions : [...reactions, { emoji, people: [] }];
  return all
    .map((reaction) =>
      reaction.emoji === emoji
        ? { emoji, people: on ? [...others(reaction.people), me] : others(reaction.people) }
        : reaction,
    )
    .filter(({ people }) => people.length > 0);
}
