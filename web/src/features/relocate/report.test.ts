import { describe, expect, it } from 'vitest';
import type { Relocation } from './api';
import { passed, reportOf } from './report';

const relocation = (part: Partial<Relocation>): Relocation => ({
  id: 'r',
  kind: 'copy',
  from_library_id: 'a',
  to_library_id: 'b',
  state: 'done',
  created_at: '2026-03-01T12:00:00Z',
  total: 3,
  arrived: 0,
  present: 0,
  failed: 0,
  undone: 0,
  problems: [],
  ...part,
});

describe('what is said of a relocation', () => {
  it('tells all, some and none apart', () => {
    expect(reportOf(relocation({ arrived: 3 })).said).toBe('all');
    expect(reportOf(relocation({ arrived: 1, present: 2 }))).toMatchObject({ said: 'some', count: 1, total: 3 });
    expect(reportOf(relocation({ failed: 3, problems: [{ document_id: 'd', present_id: null, message: 'No.' }] }))).toMatchObject({
      said: 'none',
      reason: 'No.',
    });
  });

  it('counts what has passed, on the way there and back', () => {
    expect(passed(relocation({ state: 'running', arrived: 1, present: 1 }))).toBe(2);
    expect(passed(relocation({ state: 'undoing', arrived: 2, undone: 1 }))).toBe(1);
  });
});
