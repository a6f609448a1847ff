import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { libraryListQuery, may } from '../../features/library/api';
import type { Library } from '../../lib/api';

/** The other libraries that one may add documents to. */
export function useTargets(libraryId: string): readonly Library[] {
  const libraries = useSuspenseQuery(libraryListQuery()).data.items;
  return useMemo(() => libraries.filter(({ id, role }) => id !== libraryId && may.addDocuments(role)), [libraries, libraryId]);
}
