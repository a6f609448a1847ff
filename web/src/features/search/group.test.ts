import { describe, expect, it } from 'vitest';
import type { Hit } from '../../lib/api';
import { groupHits, visibleHits } from './group';

const hit = (document_id: string, page: number, start = 0): Hit => ({
  document_id, edition_id: `e-${document_id}`, library_id: 'l', title: document_id, authors: [], year: null, page,
  kind: 'text', mark_id: null, mark_author: null,
  page_label: String(page), snippet: '', highlights: [], start, end: start + 4, ranges: [],
});

describe('hits by document', () => {
  it('keep the order of the best hit of each', () => {
    const groups = groupHits([hit('b', 4), hit('a', 1), hit('b', 2)]);
    expect(groups.map((group) => [group.documentId, group.hits.map((h) => h.page)])).toEqual([
      ['b', [4, 2]],
      ['a', [1]],
    ]);
  });

  it('hold a hit once, but two of one page', () => {
    const [group] = groupHits([hit('a', 1, 5), hit('a', 1, 5), hit('a', 1, 9)]);
    expect(group?.hits.map((h) => h.start)).toEqual([5, 9]);
  });

  it('hold two marks on one place', () => {
    const mark = (mark_id: string): Hit => ({ ...hit('a', 1), kind: 'comment', mark_id });
    expect(groupHits([mark('m'), mark('n'), mark('m')])[0]?.hits).toHaveLength(2);
  });

  it('show three of each, or all of an open one', () => {
    const groups = groupHits([1, 2, 3, 4, 5].map((page) => hit('a', page)));
    expect(visibleHits(groups, new Set())).toHaveLength(3);
    expect(visibleHits(groups, new Set(['a']))).toHaveLength(5);
  });
});
