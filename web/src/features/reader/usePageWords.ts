import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { pageText, type PageText } from '../../anchoring/pageText';
import type { Edition } from '../../lib/api';
import { pageTextQuery } from './api';

/** Gives the words of a page and their places; undefined until the file has been parsed. */
export function usePageWords(
  documentId: string,
  edition: Edition,
): ((page: number) => Promise<PageText | null>) | undefined {
  const client = useQueryClient();
  const { id, parsed_at, state } = edition;
  return useMemo(() => {
    if (state !== 'ready') return undefined;
    return async (page: number) => {
      try {
        return pageText(await client.fetchQuery(pageTextQuery(documentId, { id, parsed_at }, page)));
      } catch {
        return null;
      }
    };
  }, [client, documentId, id, parsed_at, state]);
}
