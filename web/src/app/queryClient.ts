import { QueryClient } from '@tanstack/react-query';
import { mayRetry, problemOf } from '../lib/problem';
import { isSignedOut, onSessionTurn } from '../lib/session';

/**
 * Server state. What is shown is kept fresh by the change log, so nothing goes
 * stale by time alone; coming back to the window asks the log, not everything.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      // The browser's own idea of being offline is wrong for a server on this machine.
      networkMode: 'always',
      retry: (count, error) => mayRetry(error) && problemOf(error).status !== 429 && count < 2,
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
    mutations: { networkMode: 'always' },
  },
});

// What failed because nobody was signed in is asked again once somebody is.
onSessionTurn(() => {
  if (isSignedOut()) return;
  void queryClient.invalidateQueries();
});
