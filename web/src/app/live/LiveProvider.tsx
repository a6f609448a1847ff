import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { applyNotification } from '../../features/notify/api';
import { Live, type LiveMessage, type LiveState } from '../../lib/live';
import { queryKeys } from '../../lib/queryKeys';
import { followLibrary } from './libraryLive';

const LiveContext = createContext<LiveState>('connecting');

const SocketContext = createContext<Live | undefined>(undefined);

/** The socket itself, for parts that listen to a channel of their own; undefined at the very beginning. */
export const useSocket = () => useContext(SocketContext);

/** Whether news arrives at once. */
export const useLiveState = () => useContext(LiveContext);

const liveUrl = () => `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}/api/live`;

interface Props {
  personId: string;
  libraryId: string | undefined;
  children: ReactNode;
}

/** Holds the socket while somebody is signed in, and follows the library on screen. */
export function LiveProvider({ personId, libraryId, children }: Props) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>();

  useEffect(() => {
    const socket = new Live(liveUrl());
    setLive(socket);
    socket.connect();
    return () => socket.close();
  }, [personId]);

  useEffect(() => {
    if (!live) return undefined;
    const refresh = () => {
      void client.invalidateQueries({ queryKey: queryKeys.libraries });
      // What lies in a library that one has left is not told any more.
      void client.invalidateQueries({ queryKey: queryKeys.notifications });
    };
    const onMessage = (message: LiveMessage) => {
      if (!applyNotification(client, message)) refresh();
    };
    return live.listen(`person:${personId}`, { onMessage, onGap: refresh });
  }, [live, client, personId]);

  useEffect(
    () => (live && libraryId ? followLibrary(client, live, libraryId) : undefined),
    [live, client, libraryId],
  );

  useEffect(() => {
    if (!live) return undefined;
    // What could not be read while the server was away is read now.
    return live.watch(() => {
      if (live.state === 'live') void client.refetchQueries({ type: 'active', stale: true });
    });
  }, [live, client]);

  const state = useSyncExternalStore(live?.watch ?? watchNothing, live?.snapshot ?? connecting);
  return (
    <SocketContext value={live}>
      <LiveContext value={state}>{children}</LiveContext>
    </SocketContext>
  );
}

const watchNothing = () => () => undefined;
const connecting = (): LiveState => 'connecting';
