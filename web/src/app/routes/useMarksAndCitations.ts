import { useMemo } from 'react';
import { useDiscussion } from '../../features/annotation/Discussion';
import { isCitation } from '../../features/references/citations';
import { useReferences } from '../../features/references/ReferencesProvider';
import type { PdfEvents, ViewMark } from '../../pdfview/types';

/** What lies on the pages: people's marks and the text's citations. Each hears of what is done to its own. */
export function useMarksAndCitations(): { marks: readonly ViewMark[]; events: PdfEvents } {
  const { viewMarks, events: discussing } = useDiscussion();
  const { marks: citations, events: citing } = useReferences();
  // The marks before the citations: Tab comes to them first.
  const marks = useMemo(() => [...viewMarks, ...citations], [viewMarks, citations]);
  const events = useMemo<PdfEvents>(
    () => ({
      ...discussing,
      onView: (view) => {
        discussing.onView?.(view);
        citing.onView?.(view);
      },
      onMarkClick: (ids, at) => {
        citing.onMarkClick?.(ids, at);
        const others = ids.filter((id) => !isCitation(id));
        if (others.length > 0) discussing.onMarkClick?.(others, at);
      },
      onMarkHover: (ids) => {
        citing.onMarkHover?.(ids);
        discussing.onMarkHover?.(ids.filter((id) => !isCitation(id)));
      },
    }),
    [discussing, citing],
  );
  return { marks, events };
}
