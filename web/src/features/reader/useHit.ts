import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { Edition } from '../../lib/api';
import type { PdfHandle, Place, ViewMark } from '../../pdfview/types';
import { pageTextQuery } from './api';
import { marksOfHit } from './hit';
import type { Target } from './target';

const noMarks: readonly ViewMark[] = [];

/**
 * Goes where the address says, each time it says something new, and gives the
 * marks of the hit there. `handle` is null until the file is open; `leave` is
 * told the place before each jump but the first.
 */
export function useHit(
  documentId: string,
  edition: Edition,
  target: Target,
  handle: PdfHandle | null,
  leave: (from: Place | undefined) => void,
): readonly ViewMark[] {
  const { page, hit } = target;
  const { data: text } = useQuery({
    ...pageTextQuery(documentId, edition, page ?? 1),
    enabled: edition.state === 'ready' && hit !== undefined,
  });
  const found = useMemo(
    () => (text && hit && text.number === (page ?? 1) ? marksOfHit(text, hit) : undefined),
    [text, hit, page],
  );

  // The first target is where the file is opened; later ones are jumps.
  const arrived = useRef(target);
  useEffect(() => {
    if (!handle || arrived.current === target) return;
    arrived.current = target;
    leave(handle.place());
    if (target.page) handle.goToPage(target.page);
  }, [handle, target, leave]);

  const at = found?.at;
  useEffect(() => {
    if (handle && at) handle.goToPage(page ?? 1, at);
  }, [handle, at, page]);

  return found?.marks ?? noMarks;
}
