import { describe, expect, it } from 'vitest';
import { i18next } from '../../app/i18n';
import type { ActivityItem, Notification } from '../../lib/api';
import { byDay } from './ActivityList';
import { deed, headline } from './words';

const t = i18next.getFixedT('en', 'notify');

const notification = (change: Partial<Notification>): Notification => ({
  id: 'n', kind: 'watched', event: 'mark', library_id: 'l', document_id: 'd', document_title: 'A paper', annotation_id: 'a', reply_id: null,
  actor: { id: 'p', name: 'Ada' }, count: 1, excerpt: '', quote: '', at: '2026-03-01T12:00:00Z', read_at: null, saved_search: null, ...change,
});

const action = (change: Partial<ActivityItem>): ActivityItem => ({
  version: 1, at: '2026-03-01T12:00:00Z', actor: { id: 'p', name: 'Ada' }, kind: 'document', op: 'added', what: '', object_id: 'o', object_name: '',
  document_id: 'd', document_title: 'A paper', annotation_id: null, excerpt: '', quote: '', count: 1, ...change,
});

describe('a notification', () => {
  it.each([
    [{ kind: 'mention', event: 'reply' }, 'Ada mentioned you'],
    [{ kind: 'assigned', event: 'assigned' }, 'Ada asked you to look after a mark'],
    [{ kind: 'watched', event: 'reply' }, 'Ada replied'],
    [{ event: 'resolved' }, 'Ada resolved a thread'],
    [{}, 'Ada made a mark'],
    [{ count: 12 }, 'Ada made 12 marks'],
    [{ actor: { id: null, name: '' } }, 'Somebody made a mark'],
  ] as [Partial<Notification>, string][])('says who did what: %o', (change, want) => {
    expect(headline(notification(change), t)).toBe(want);
  });
});

describe('an action', () => {
  it.each([
    [{}, 'added'],
    [{ count: 12 }, 'added 12 documents, the newest'],
    [{ kind: 'annotation', what: 'made', count: 3 }, 'made 3 marks on'],
    [{ kind: 'annotation', op: 'changed', what: 'reply' }, 'replied on'],
    [{ kind: 'annotation', op: 'changed', what: 'something new' }, 'changed a mark on'],
    [{ kind: 'member', op: 'added', object_id: 'p' }, 'joined'],
    [{ kind: 'member', op: 'removed', object_id: 'p' }, 'left'],
    [{ kind: 'member', op: 'removed', object_id: 'x', object_name: 'Ines' }, 'took Ines out of the library'],
    [{ kind: 'library', op: 'added' }, 'created this library'],
  ] as [Partial<ActivityItem>, string][])('reads as a sentence: %o', (change, want) => {
    expect(deed(action(change), t, true)).toBe(want);
  });

  it('has words for every operation on a document', () => {
    for (const op of ['added', 'changed', 'trashed', 'restored', 'removed', 'joined']) {
      for (const count of [1, 2]) expect(deed(action({ op, count }), t, true)).not.toContain('activity.');
    }
  });
});

describe('days', () => {
  it('keep the order and part where the date changes', () => {
    const at = (text: string) => new Date(text).toISOString();
    const items = [
      action({ version: 4, at: at('2026-03-02T10:00') }),
      action({ version: 3, at: at('2026-03-02T00:01') }),
      action({ version: 2, at: at('2026-03-01T23:59') }),
    ];
    expect(byDay(items).map((day) => [day.key, day.items.map((i) => i.version)])).toEqual([
      ['2026-03-02', [4, 3]],
      ['2026-03-01', [2]],
    ]);
  });
});
