import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { uuid } from '../../lib/uuid';
import { putMark, dropMark } from './cache';
import { emptyQueue, nextOrder, type NewChange, type Op, type Queue } from './changes';
import { send } from './sender';
import { Worker } from './worker';

interface Value {
  readonly watch: (watcher: () => void) => () => void;
  readonly state: () => Queue;
  readonly add: (change: Omit<NewChange, 'id' | 'at' | 'order'>) => void;
  /** Sends a stuck change after all, as `op`. */
  readonly again: (id: string, op: Op) => void;
  readonly discard: (ids: readonly string[]) => void;
  readonly wake: () => void;
}

const Context = createContext<Value | null>(null);

export function useChanges(): Value {
  const value = use(Context);
  if (!value) throw new Error('this part must be inside ChangesProvider');
  return value;
}

/** All that one person has changed and the server has not confirmed yet. */
export function useChangeQueue(): Queue {
  const { watch, state } = useChanges();
  return useSyncExternalStore(watch, state, () => emptyQueue);
}

interface Props {
  personId: string;
  /** Changes to true when the server can be reached again: what waits is sent at once. */
  connected: boolean;
  children: ReactNode;
}

/** Sends a person's changes for as long as it is mounted: once, above the routes. */
export function ChangesProvider({ personId, connected, children }: Props) {
  const client = useQueryClient();
  const [worker, setWorker] = useState<Worker | null>(null);
  useEffect(() => {
    const mine = new Worker({
      personId,
      send,
      onSaved: (change, item) => {
        if (item && item.deleted_at === null) putMark(client, item);
        else if (change.op.do === 'delete') dropMark(client, change.documentId, change.markId);
      },
    });
    setWorker(mine);
    return () => {
      mine.close();
      setWorker(null);
    };
  }, [client, personId]);

  useEffect(() => {
    if (connected) worker?.wake();
  }, [connected, worker]);

  const watch = useCallback((watcher: () => void) => worker?.watch(watcher) ?? (() => undefined), [worker]);
  const state = useCallback(() => worker?.state() ?? emptyQueue, [worker]);
  const value = useMemo<Value>(
    () => ({
      watch,
      state,
      add: (change) =>
        worker?.add({ ...change, id: uuid(), at: new Date().toISOString(), order: nextOrder() }),
      again: (id, op) => worker?.order({ type: 'again', id, newId: uuid(), op }),
      discard: (ids) => worker?.order({ type: 'discarded', ids }),
      wake: () => worker?.wake(),
    }),
    [worker, watch, state],
  );
  return <Context value={value}>{children}</Context>;
}
