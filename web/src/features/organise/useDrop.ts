import { useState, type DragEvent } from 'react';
import { carried, carriesDocuments } from './drag';

/** Makes something a place to drop documents on. `onDrop` left out: it is none. */
export function useDrop(onDrop: ((ids: string[]) => void) | undefined) {
  const [over, setOver] = useState(false);
  if (!onDrop) return {};
  return {
    'data-over': over || undefined,
    onDragOver: (event: DragEvent) => {
      if (!carriesDocuments(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const ids = carried(event.dataTransfer);
      if (ids.length === 0) return;
      event.preventDefault();
      onDrop(ids);
    },
  };
}
