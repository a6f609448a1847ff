/** Every address of the app. Features meet only in what is named here. */
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { parseListSearch } from '../features/document/listSearch';
import { libraryListQuery } from '../features/library/api';
import { rememberedLibrary } from './lastLibrary';
import { queryClient } from './queryClient';
import { ActivityRoute } from './routes/ActivityRoute';
import { DocumentRoute } from './routes/DocumentRoute';
import { DuplicatesRoute } from './routes/DuplicatesRoute';
import { FrameRoute } from './routes/FrameRoute';
import { requireSession, requireSetup } from './routes/guard';
import { ImportRoute } from './routes/ImportRoute';
import { InboxRoute } from './routes/InboxRoute';
import { JoinRoute } from './routes/JoinRoute';
import { NoLibrary } from './routes/LibraryGate';
import { LibraryRoute } from './routes/LibraryRoute';
import { MembersRoute } from './routes/MembersRoute';
import { NotFound } from './routes/NotFound';
import { OutboxRoute } from './routes/OutboxRoute';
import { RouteError } from './routes/RouteError';
import { SearchRoute } from './routes/SearchRoute';
import { SharedRoute } from './routes/SharedRoute';
import { SetupRoute } from './routes/SetupRoute';
import { SignInRoute } from './routes/SignInRoute';
import { TrashRoute } from './routes/TrashRoute';
import { UnsubscribeRoute } from './routes/UnsubscribeRoute';
import { parseHit, parseId, parseText, parseWhole } from './searchParams';

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: ({ context }) => requireSetup(context.queryClient),
  component: SetupRoute,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search): { then?: string } => {
    const then = parseText(search.then);
    // Only a path of our own: `//host` and `/\host` lead elsewhere.
    return then && /^\/(?![/\\])/.test(then) ? { then } : {};
  },
  component: SignInRoute,
});

const joinRoute = createRoute({ getParentRoute: () => rootRoute, path: '/join', component: JoinRoute });

// For who is signed out as well: the link stands in a mail.
const unsubscribeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/unsubscribe', component: UnsubscribeRoute });

// For who has no account: the link was sent to them.
const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/s/$token',
  validateSearch: (search): { paper?: string } => {
    const paper = parseId(search.paper);
    return paper ? { paper } : {};
  },
  component: SharedRoute,
});

const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  beforeLoad: ({ context, location }) => requireSession(context.queryClient, location.href),
  component: FrameRoute,
});

const homeRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { items } = await context.queryClient.ensureQueryData(libraryListQuery());
    const last = items.find((library) => library.id === rememberedLibrary()) ?? items[0];
    if (last) throw redirect({ to: '/l/$libraryId', params: { libraryId: last.id }, replace: true });
  },
  component: NoLibrary,
});

const libraryRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/l/$libraryId',
  validateSearch: parseListSearch,
  component: LibraryRoute,
});

const trashRoute = createRoute({ getParentRoute: () => frameRoute, path: '/l/$libraryId/trash', component: TrashRoute });

const duplicatesRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/l/$libraryId/duplicates',
  component: DuplicatesRoute,
});

const importRoute = createRoute({ getParentRoute: () => frameRoute, path: '/l/$libraryId/import', component: ImportRoute });

const membersRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/l/$libraryId/members',
  component: MembersRoute,
});

const activityRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/l/$libraryId/activity',
  component: ActivityRoute,
});

const inboxRoute = createRoute({ getParentRoute: () => frameRoute, path: '/inbox', component: InboxRoute });

const outboxRoute = createRoute({ getParentRoute: () => frameRoute, path: '/outbox', component: OutboxRoute });

const documentRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/d/$documentId',
  validateSearch: (search): { page?: number; hit?: string; edition?: string } => {
    const page = parseWhole(search.page);
    const hit = parseHit(search.hit);
    const edition = parseId(search.edition);
    return {
      ...(page ? { page } : {}),
      ...(hit ? { hit: `${hit.start}-${hit.end}` } : {}),
      ...(edition ? { edition } : {}),
    };
  },
  component: DocumentRoute,
});

const searchRoute = createRoute({
  getParentRoute: () => frameRoute,
  path: '/search',
  validateSearch: (search): { q?: string; library?: string; saved?: string } => {
    const q = parseText(search.q);
    const library = parseText(search.library);
    const saved = parseId(search.saved);
    return { ...(q ? { q } : {}), ...(library ? { library } : {}), ...(saved ? { saved } : {}) };
  },
  component: SearchRoute,
});

const routeTree = rootRoute.addChildren([
  setupRoute,
  signInRoute,
  joinRoute,
  unsubscribeRoute,
  sharedRoute,
  frameRoute.addChildren([homeRoute, libraryRoute, trashRoute, duplicatesRoute, importRoute, membersRoute, activityRoute, documentRoute, searchRoute, inboxRoute, outboxRoute]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: false,
  defaultPendingMs: 150,
  notFoundMode: 'root',
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFound,
  // Addresses are read by people: ?q=live coding, not ?q="live coding".
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const params = new URLSearchParams();
    for (const [key, value] of Object.entries(search)) {
      if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
    }
    const text = params.toString();
    return text ? `?${text}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
