import { useQuery } from '@tanstack/react-query';
import { editionsQuery } from '../../features/document/api';
import type { DocumentDetail, Edition } from '../../lib/api';

/** The file to read: the newest, or the one that was asked for, which has to be `wanted` first. */
export function useEdition(document: DocumentDetail | undefined, older: string | undefined): { edition?: Edition | null; wanted: boolean } {
  const newest = document?.edition;
  const other = older !== undefined && newest !== undefined && newest !== null && older !== newest.id;
  const list = useQuery({ ...editionsQuery(document?.id ?? '', newest), enabled: other });
  // One that is gone leads to the newest.
  const found = other ? list.data?.find(({ id }) => id === older) : undefined;
  return { edition: found ?? newest ?? null, wanted: other && list.isPending };
}
