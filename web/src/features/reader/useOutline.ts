import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Edition } from '../../lib/api';
import type { OutlineEntry } from '../../pdfview/types';
import { pageListQuery } from './api';

interface Outline {
  /** Undefined until known. */
  readonly entries: readonly OutlineEntry[] | undefined;
  /** Made of the headings found in the text, for the file has no outline. */
  readonly found: boolean;
}

/** The file's own outline, else the one that the server has of it. */
export function useOutline(
  documentId: string,
  edition: Edition,
  own: readonly OutlineEntry[] | undefined,
): Outline {
  const { data } = useQuery({
    ...pageListQuery(documentId, edition),
    enabled: edition.state === 'ready' && own?.length === 0,
  });
  return useMemo(() => {
    if (!own || own.length > 0 || !data) return { entries: own, found: false };
    return {
      entries: data.outline.map(({ title, page, level, y }) => ({ title, page: page || null, level, y })),
      found: data.outline_found,
    };
  }, [own, data]);
}
