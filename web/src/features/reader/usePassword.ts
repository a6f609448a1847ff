import { useCallback, useEffect, useRef } from 'react';
import type { DocumentDetail, Edition } from '../../lib/api';
import type { PasswordRequest } from '../../pdfview/types';
import { toastError } from '../../ui/toast';
import { useSendPassword } from './api';
import { isLocked } from './state';

/**
 * Hands the file's password on to the server once it has opened the file here,
 * so that the text becomes searchable too; waits for the server to ask for it.
 * Gives back the request with its answer listened to.
 */
export function usePassword(
  document: DocumentDetail,
  edition: Edition,
  opened: boolean,
  mayEdit: boolean,
): (request: PasswordRequest) => PasswordRequest {
  const answered = useRef<string>(undefined);
  const { mutate: send } = useSendPassword(document.id);
  const locked = isLocked(edition);
  useEffect(() => {
    const password = answered.current;
    if (!opened || !locked || !mayEdit || password === undefined) return;
    answered.current = undefined;
    send({ editionId: edition.id, password }, { onError: (error) => toastError(error) });
  }, [opened, locked, mayEdit, edition.id, send]);

  return useCallback(
    (request) => ({
      wrong: request.wrong,
      answer: (password) => {
        answered.current = password;
        request.answer(password);
      },
    }),
    [],
  );
}
