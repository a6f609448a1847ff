import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SearchPage } from '../../features/search/SearchPage';
import { placeOf } from '../../features/search/group';
import type { Hit } from '../../lib/api';
import { useCurrentLibrary } from '../currentLibrary';
import { rememberTrail } from '../hitTrail';
import { useTitle } from '../useTitle';

const showTrail = (hits: readonly Hit[]) =>
  // A mark opens by itself, and a title has no place: the walk goes over words.
  rememberTrail(hits.filter((hit) => !hit.mark_id && hit.end > hit.start).map(({ document_id, page, start, end }) => ({ documentId: document_id, page, start, end })));

const route = getRouteApi('/frame/search');

export function SearchRoute() {
  const { t } = useTranslation('search');
  const { q = '', library } = route.useSearch();
  const here = useCurrentLibrary();
  const navigate = useNavigate();
  useTitle(q ? `${q} · ${t('title')}` : t('title'));
  return (
    <SearchPage
      key={`${q} ${library ?? ''}`}
      q={q}
      libraryId={library}
      here={here && { id: here.id, name: here.name }}
      onScope={(scope) => void navigate({ to: '/search', search: { q, library: scope }, replace: true })}
      onQuery={(next) => void navigate({ to: '/search', search: { q: next || undefined, library } })}
      onShown={showTrail}
      onOpen={(hit) =>
        void navigate({
          to: '/d/$documentId',
          params: { documentId: hit.document_id },
          ...placeOf(hit),
        })
      }
    />
  );
}
