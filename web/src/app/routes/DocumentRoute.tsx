import { Anchor, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { documentQuery } from '../../features/document/api';
import { sentence } from '../../lib/problem';
import { useDelayed } from '../../ui/useDelayed';
import { alongTrail } from '../hitTrail';
import { parseHit } from '../searchParams';
import { Notice } from '../shell/Notice';
import { useTitle } from '../useTitle';

// pdf.js is most of the app's weight: only who reads loads it.
const ReaderPage = lazy(async () => ({ default: (await import('../../features/reader/ReaderPage')).ReaderPage }));

const route = getRouteApi('/frame/d/$documentId');

export function DocumentRoute() {
  const { t } = useTranslation('app');
  const { documentId } = route.useParams();
  const { page, hit } = route.useSearch();
  const navigate = useNavigate();
  const { data: document, error } = useQuery(documentQuery(documentId));
  useTitle(document?.title);
  const found = parseHit(hit);
  const walk = (step: 1 | -1) => {
    const next = found && page ? alongTrail({ documentId, page, ...found }, step) : undefined;
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
      <ReaderPage
        key={documentId}
        documentId={documentId}
        page={page}
        hit={found}
        onNextHit={walk(1)}
        onPreviousHit={walk(-1)}
        onPlaceChange={(place) => {
          void navigate({
            to: '/d/$documentId',
            params: { documentId },
            search: (before) => (before.page === place ? before : { page: place }),
            replace: true,
            resetScroll: false,
          });
        }}
      />
    </Suspense>
  );
}

function Waiting() {
  return useDelayed(true) ? <Loader m="xl" /> : null;
}
