import { useEffect, useState } from 'react';
import type { PdfHandle } from '../../pdfview/types';

/** What the file calls its pages; undefined until known, and where that is just their number. */
export function usePageLabels(pdf: PdfHandle | null): readonly string[] | undefined {
  const [labels, setLabels] = useState<readonly string[]>();
  useEffect(() => {
    if (!pdf) return undefined;
    let gone = false;
    pdf.labels().then(
      (found) => {
        if (!gone) setLabels(found && differ(found) ? found : undefined);
      },
      // Numbers will do.
      () => undefined,
    );
    return () => {
      gone = true;
      setLabels(undefined);
    };
  }, [pdf]);
  return labels;
}

/** Whether labels say more than the number does. */
export const differ = (labels: readonly string[]): boolean => labels.some((label, i) => label !== '' && label !== String(i + 1));

/** The page that somebody means: its label goes before its number. Undefined for neither. */
export function pageNamed(text: string, labels: readonly string[] | undefined, pageCount: number): number | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  const named = labels?.findIndex((label) => label.toLowerCase() === wanted.toLowerCase()) ?? -1;
  if (named >= 0) return named + 1;
  return /^\d+$/.test(wanted) ? Math.min(pageCount, Math.max(1, Number(wanted))) : undefined;
}
