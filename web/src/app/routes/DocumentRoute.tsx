import { Anchor, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { documentQuery } from '../../features/document/api';
import { sentence } from '../../lib/problem';
import { useDelayed } from '../../ui/useDelayed';
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
        hit={parseHit(hit)}
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
