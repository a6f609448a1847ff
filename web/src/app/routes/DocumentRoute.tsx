import { Anchor, Loader } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { documentQuery } from '../../features/document/api';
import { sessionQuery } from '../../features/identity/api';
import { sentence } from '../../lib/problem';
import { useDelayed } from '../../ui/useDelayed';
import { alongTrail, type TrailHit } from '../hitTrail';
import { parseHit, parsePlace } from '../searchParams';
import { Notice } from '../shell/Notice';
import { useTitle } from '../useTitle';
import { loadReader } from './readAhead';

// pdf.js is most of the app's weight: only who reads loads it.
const DiscussedReader = lazy(loadReader);

const route = getRouteApi('/frame/d/$documentId');

export function DocumentRoute() {
  const { t } = useTranslation('app');
  const { documentId } = route.useParams();
  const { page, hit, edition } = route.useSearch();
  const navigate = useNavigate();
  const { data: document, error } = useQuery(documentQuery(documentId));
  const { person } = useSuspenseQuery(sessionQuery()).data;
  const address = useAddress(documentId);
  useTitle(document?.title);
  const found = parseHit(hit);
  // Reading on changes the address and not the hit that one came by.
  const [last, setLast] = useState<TrailHit>();
  if (found && page && (last?.documentId !== documentId || last.page !== page || last.start !== found.start || last.end !== found.end)) {
    setLast({ documentId, page, ...found });
  }
  const walk = (step: 1 | -1) => {
    const next = last?.documentId === documentId ? alongTrail(last, step) : undefined;
    if (!next) return undefined;
    return () =>
      void navigate({
        to: '/d/$documentId',
        params: { documentId: next.documentId },
        search: { page: next.page, hit: `${next.start}-${next.end}` },
        // Back leads to the results, not through every hit.
        replace: true,
      });
  };
  if (error && !document) {
    return (
      <Notice title={t('notFound.title')} text={sentence(error)}>
        <Anchor component={Link} to="/">
          {t('notFound.home')}
        </Anchor>
      </Notice>
    );
  }
  return (
    <Suspense fallback={<Waiting />}>
      <DiscussedReader
        key={documentId}
        document={document}
        me={person}
        mark={address.mark}
        older={edition}
        documentId={documentId}
        page={address.page ?? page}
        hit={found}
        onNextHit={walk(1)}
        onPreviousHit={walk(-1)}
        onPlaceChange={(place) => {
          void navigate({
            to: '/d/$documentId',
            params: { documentId },
            search: (before) => (before.page === place ? before : { page: place, ...(before.edition ? { edition: before.edition } : {}) }),
            replace: true,
            resetScroll: false,
          });
        }}
      />
    </Suspense>
  );
}

/**
 * The mark and page that the address named after its #. They stay when the page
 * read moves on and the address with it, until another mark is named.
 */
function useAddress(documentId: string) {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const [last, setLast] = useState({ documentId: '', hash: '' });
  if ((hash !== '' || last.documentId !== documentId) && (last.hash !== hash || last.documentId !== documentId)) {
    setLast({ documentId, hash });
  }
  return parsePlace(last.documentId === documentId ? last.hash : hash);
}

function Waiting() {
  return useDelayed(true) ? <Loader m="xl" /> : null;
}
