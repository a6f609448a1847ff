import type { QueryClient } from '@tanstack/react-query';
import type { Session } from '../../lib/api';
import { queryKeys } from '../../lib/queryKeys';
import { reportSignedIn } from '../../lib/session';
import { forgetVersions } from '../live/libraryLive';

/** Forgets everything that was cached for whoever was here before. */
export function forgetAll(client: QueryClient): void {
  client.clear();
  forgetVersions();
}

/** Begins afresh as this person. */
export function enter(client: QueryClient, session: Session): void {
  forgetAll(client);
  client.setQueryData(queryKeys.session, session);
  reportSignedIn();
}
