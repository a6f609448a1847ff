import { describe, expect, it } from 'vitest';
import { alongTrail, rememberTrail } from './hitTrail';

const hit = (documentId: string, page: number) => ({ documentId, page, start: 1, end: 5 });

describe('the trail of hits', () => {
  it('leads across documents, and ends', () => {
    rememberTrail([hit('a', 1), hit('a', 4), hit('b', 2)]);
    expect(alongTrail(hit('a', 4), 1)).toEqual(hit('b', 2));
    expect(alongTrail(hit('a', 4), -1)).toEqual(hit('a', 1));
    expect(alongTrail(hit('b', 2), 1)).toBeUndefined();
  });

  it('leads nowhere from a place that is not on it', () => {
    expect(alongTrail(hit('z', 1), 1)).toBeUndefined();
  });
});
