import { useSyncExternalStore } from 'react';
import type { Queue } from './queue';
import type { Uploads } from './uploads';

/** The queue of an Uploads, kept up to date. */
export const useQueueOf = (uploads: Uploads): Queue => useSyncExternalStore(uploads.watch, uploads.state);
