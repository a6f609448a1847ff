import '../../app/i18n';
import { describe, expect, it } from 'vitest';
import { reportOf } from './report';

describe('what became of an import', () => {
  it.each([
    [{ imported: 3, skipped: 0, orphans: 0 }, '3 marks were brought in.'],
    [{ imported: 2, skipped: 1, orphans: 1 }, '2 marks were brought in. The text of 1 was not found in this file. 1 was skipped: it is here already, or has no place.'],
    [{ imported: 0, skipped: 4, orphans: 0 }, 'No mark was brought in. 4 were skipped: they are here already, or have no place.'],
  ])('%j', (report, words) => expect(reportOf(report)).toBe(words));
});
