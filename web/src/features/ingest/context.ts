/** What the parts of the upload side share, and what other parts of the app may ask of it. */
import { createContext, use, useMemo, useSyncExternalStore } from 'react';
import type { Goal } from './add';
import type { Command } from './engine';
import type { Picked } from './gather';
import { emptyQueue, type Queue } from './queue';
import { totals, type Totals } from './totals';

export type TrayView = 'open' | 'pill' | 'closed';

export interface UploadContext {
  watch: (watcher: () => void) => () => void;
  state: () => Queue;
  order: (command: Command) => void;
  /** Adds files to the library that is open, or to what is named. */
  add: (picked: readonly Picked[], goal?: Goal) => Promise<void>;
  pickFiles: () => void;
  pickFolder: () => void;
  /** Whether this browser can pick a whole folder. */
  canPickFolder: boolean;
  openDocument: (documentId: string) => void;
  view: TrayView;
  setView: (view: TrayView) => void;
}

export const Context = createContext<UploadContext | null>(null);

export function useUploadContext(): UploadContext {
  const context = use(Context);
  if (!context) throw new Error('this part must be inside UploadProvider');
  return context;
}

export function useQueue(): Queue {
  const { watch, state } = useUploadContext();
  return useSyncExternalStore(watch, state, () => emptyQueue);
}

export interface UploadsInBrief {
  totals: Totals;
  /** Opens the system's dialog for files; only from a click or a key. */
  pickFiles: () => void;
  pickFolder: () => void;
  canPickFolder: boolean;
  add: (picked: readonly Picked[]) => Promise<void>;
  showTray: () => void;
}

/** For other parts of the app: the totals, and ways to begin. */
export function useUploads(): UploadsInBrief {
  const { pickFiles, pickFolder, canPickFolder, add, setView } = useUploadContext();
  const queue = useQueue();
  return useMemo(
    () => ({ totals: totals(queue), pickFiles, pickFolder, canPickFolder, add, showTray: () => setView('open') }),
    [queue, pickFiles, pickFolder, canPickFolder, add, setView],
  );
}
