import type { QueryClient } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { metaQuery, sessionQuery } from '../../features/identity/api';
import { libraryListQuery } from '../../features/library/api';
import { problemOf } from '../../lib/problem';
import { isSignedOut } from '../../lib/session';

/**
 * Lets in who is signed in; others go to sign in and come back to `href`. The
 * libraries are read before any page is, so that the change log is followed
 * from a version no page is older than.
 */
export async function requireSession(client: QueryClient, href: string): Promise<void> {
  // The session ended with the app open: the page stays, a dialog asks.
  if (isSignedOut() && client.getQueryData(sessionQuery().queryKey)) return;
  try {
    await client.ensureQueryData(sessionQuery());
    await client.ensureQueryData(libraryListQuery());
  } catch (error) {
    if (problemOf(error).status !== 401) throw error;
    const meta = await client.fetchQuery(metaQuery());
    if (meta.setup_required) throw redirect({ to: '/setup', replace: true });
    throw redirect({ to: '/sign-in', search: href === '/' ? {} : { then: href }, replace: true });
  }
}

/** Lets in the first visitor alone: once there is an owner, one signs in. */
export async function requireSetup(client: QueryClient): Promise<void> {
  const meta = await client.fetchQuery(metaQuery());
  if (!meta.setup_required) throw redirect({ to: '/sign-in', replace: true });
}
