/** A person's word about a field: kept, taken back, and undone. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, unwrap, type DocumentDetail } from '../../lib/api';
import { problemOf } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';
import { announce } from '../../ui/announce';
import { toast, toastError } from '../../ui/toast';
import { claimsOf, type Claim, type FieldId } from './facts';

/** What is to be said; without a value the word is taken back. */
export interface Correction {
  field: FieldId;
  value?: unknown;
  /** That of the person's word that was seen; 0 when there was none. */
  revision: number;
}

export const personWord = (document: Pick<DocumentDetail, 'claims'>, field: FieldId): Claim | undefined =>
  claimsOf(document, field).find(({ source }) => source === 'person');

const send = ({ field, value, revision }: Correction, documentId: string): Promise<DocumentDetail> => {
  const path = { document_id: documentId, field };
  return value === undefined
    ? unwrap(api.DELETE('/api/documents/{document_id}/fields/{field}', { params: { path, query: { revision } } }))
    : unwrap(api.PUT('/api/documents/{document_id}/fields/{field}', { params: { path }, body: { value, revision } }));
};

export function useCorrection(document: DocumentDetail, label: (field: FieldId) => string) {
  const client = useQueryClient();
  const { t } = useTranslation('reader');
  const { id, library_id } = document;

  const show = (after: DocumentDetail) => {
    client.setQueryData<DocumentDetail>(queryKeys.document(id), (before) => before && { ...after, edition: before.edition });
    void client.invalidateQueries({ queryKey: queryKeys.documentLists(library_id) });
  };
  const refresh = (error: unknown) => {
    // Somebody else's word is to be seen before one decides.
    if (problemOf(error).code === 'field_changed') void client.invalidateQueries({ queryKey: queryKeys.document(id), exact: true });
  };

  return useMutation({
    mutationFn: (correction: Correction) => send(correction, id),
    onError: refresh,
    onSuccess: (after, { field, value }) => {
      const before = personWord(document, field);
      show(after);
      const undo = async () => {
        const revision = personWord(after, field)?.revision ?? 0;
        try {
          show(await send({ field, value: before?.value, revision }, id));
          announce(t('info.undone', { field: label(field) }));
        } catch (error) {
          refresh(error);
          toastError(error);
        }
      };
      toast(t(value === undefined ? 'info.takenBack' : 'info.corrected', { field: label(field) }), {
        action: { label: t('info.undo'), run: () => void undo() },
      });
    },
  });
}
