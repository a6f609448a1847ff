import { useState } from 'react';
import type { FindOptions, PdfHandle, Place } from '../../pdfview/types';

export interface Find {
  readonly query: string;
  readonly options: FindOptions;
  /** Counts up when the field is to take the focus. */
  readonly focus: number;
  readonly askFocus: () => void;
  readonly look: (query: string, options: FindOptions) => void;
  readonly stop: () => void;
}

/** What is looked for in the document. `leave` is told the place where the looking began. */
export function useFind(handle: PdfHandle | null, leave: (from: Place | undefined) => void): Find {
  const [query, setQuery] = useState('');
  const [options, setOptions] = useState<FindOptions>({});
  const [focus, setFocus] = useState(0);
  return {
    query,
    options,
    focus,
    askFocus: () => setFocus((n) => n + 1),
    look: (next, nextOptions) => {
      if (query === '' && next !== '') leave(handle?.place());
      setQuery(next);
      setOptions(nextOptions);
      handle?.find(next, nextOptions);
    },
    stop: () => {
      setQuery('');
      handle?.closeFind();
      handle?.focus();
    },
  };
}
