import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Edition } from '../../lib/api';
import type { OutlineEntry } from '../../pdfview/types';
import { pageListQuery } from './api';

/** The file's own outline, else the one that the server made of it; undefined until known. */
export function useOutline(
  documentId: string,
  edition: Edition,
  own: readonly OutlineEntry[] | undefined,
): readonly OutlineEntry[] | undefined {
  const { data } = useQuery({
    ...pageListQuery(documentId, edition),
    enabled: edition.state === 'ready' && own?.length === 0,
  });
  return useMemo(() => {
    if (!own || own.length > 0 || !data) return own;
    return data.outline.map(({ title, page, level }) => ({ title, page, level, y: null }));
  }, [own, data]);
}
