import { useEffect, useReducer } from 'react';
import type { Live } from '../../lib/live';
import { fetchPresence } from './api';
import { nobody, rosterMessage, rosterReducer, type Roster } from './roster';
import type { Sharer } from './sharer';

/** Listens to who is in a document; `sharer` says for its part where we are while it is listened to. */
export function useRoster(live: Live | undefined, documentId: string, sharer: Sharer): Roster {
  const [roster, dispatch] = useReducer(rosterReducer, nobody);
  useEffect(() => {
    if (!live) return undefined;
    let running = false;
    let again = false;
    let stopped = false;
    // One at a time: the last to be asked for must be the last to come.
    const list = async () => {
      if (running) {
        again = true;
        return;
      }
      running = true;
      do {
        again = false;
        dispatch({ type: 'asked' });
        const items = await fetchPresence(documentId).catch(() => undefined);
        if (stopped) return;
        dispatch({ type: 'listed', items });
      } while (again);
      running = false;
    };
    const stop = live.listen(`document:${documentId}`, {
      onMessage: (message) => {
        const news = rosterMessage(message);
        if (news) dispatch(news);
        else if (message.type === 'resync') void list();
      },
      onGap: () => void list(),
      onSubscribed: () => sharer.start((data) => live.rpc('presence', { document_id: documentId, ...data })),
      onUnsubscribed: () => sharer.pause(),
    });
    return () => {
      stopped = true;
      sharer.leave();
      stop();
    };
  }, [live, documentId, sharer]);
  return roster;
}
