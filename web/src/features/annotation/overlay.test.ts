import { describe, expect, it } from 'vitest';
import type { Change, Op } from './changes';
import { ada, ines, markOf, replyOf } from './mark.testing';
import { overlay } from './overlay';

const change = (op: Op, state: Change['state'] = 'waiting', markId = 'a'): Change => ({
  id: 'change',
  documentId: 'document',
  libraryId: 'library',
  markId,
  at: '2026-02-01T00:00:00Z',
  order: 1,
  op,
  state,
  tries: 0,
  problem: null,
  current: null,
});
const shown = (...changes: Change[]) => overlay([markOf('a', { replies: [replyOf('r', 'first')] })], changes, ines);
const make: Op = {
  do: 'make',
  mark: { id: 'b', edition_id: 'edition', kind: 'area', meaning: 'method', private: true, body: 'new', parts: [] },
  parts: [],
  exact: '',
};

describe('what is not confirmed yet', () => {
  it('stands on top of what the server has', () => {
    const [mark] = shown(
      change({ do: 'edit', edit: { revision: 1, body: 'mine', meaning: 'quote' } }),
      change({ do: 'resolve', resolved: true }),
      change({ do: 'reply', replyId: 'r2', body: 'second' }),
      change({ do: 'edit-reply', replyId: 'r', revision: 1, body: 'changed' }),
      change({ do: 'assign', person: ada }),
      change({ do: 'react', replyId: null, emoji: '👍', on: true }),
    );
    expect(mark).toMatchObject({ body: 'mine', meaning: 'quote', revision: 2, resolved_by: ines, assignee: ada });
    expect(mark?.replies.map(({ body }) => body)).toEqual(['changed', 'second']);
    expect(mark?.reactions).toEqual([{ emoji: '👍', people: [ines] }]);
  });

  it('is not counted twice when the server has it already', () => {
    const reply = change({ do: 'reply', replyId: 'r', body: 'first' });
    expect(shown(reply)[0]?.replies).toHaveLength(1);
    const reacted = markOf('a', { reactions: [{ emoji: '👍', people: [ines] }] });
    const [mark] = overlay([reacted], [change({ do: 'react', replyId: null, emoji: '👍', on: true })], ines);
    expect(mark?.reactions[0]?.people).toEqual([ines]);
  });

  it('takes a reaction back, and a mark away and back again', () => {
    const on = change({ do: 'react', replyId: null, emoji: '👀', on: true });
    const off = change({ do: 'react', replyId: null, emoji: '👀', on: false });
    expect(shown(on, off)[0]?.reactions).toEqual([]);
    expect(shown(change({ do: 'delete' }))).toEqual([]);
    expect(shown(change({ do: 'delete' }), change({ do: 'restore' }))).toHaveLength(1);
  });

  it('shows a new mark, also one that was refused', () => {
    for (const state of ['waiting', 'sending', 'refused'] as const) {
      expect(shown(change(make, state, 'b'))[1]).toMatchObject({ id: 'b', author: ines, body: 'new', private: true });
    }
  });

  it('shows what others wrote where an edit is stale or refused', () => {
    for (const state of ['stale', 'refused'] as const) {
      expect(shown(change({ do: 'edit', edit: { revision: 1, body: 'mine' } }, state))[0]?.body).toBe('');
    }
  });

  it('leaves the list itself alone when nothing waits', () => {
    const items = [markOf('a')];
    expect(overlay(items, [], ines)).toBe(items);
  });
});
