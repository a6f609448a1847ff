import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, unwrap } from '../../lib/api';
import type { Field, Name } from './facts';

/** Values of the library's other documents that what is typed may go on as; none while nothing is typed. */
export function useCompletions(libraryId: string, field: Field, typed: string): readonly (string | Name)[] {
  const [prefix] = useDebouncedValue(typed.trim(), 150);
  const wanted = field.completes && typed.trim() !== '' && prefix !== '';
  const { data } = useQuery({
    queryKey: ['completions', libraryId, field.id, prefix] as const,
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET('/api/libraries/{library_id}/fields/{field}/completions', {
            signal,
            params: { path: { library_id: libraryId, field: field.id }, query: { prefix } },
          }),
        )
      ).items.map(({ value }) => value as string | Name),
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    // It helps, and is not missed.
    retry: false,
  });
  return wanted ? (data ?? []) : [];
}
