import { getRouteApi, useNavigate, useRouterState } from '@tanstack/react-router';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { libraryListQuery, may } from '../../features/library/api';
import { savedSearchesQuery } from '../../features/savedsearch/api';
import { Mend } from '../../features/savedsearch/Mend';
import { SavedBar } from '../../features/savedsearch/SavedBar';
import { SearchPage } from '../../features/search/SearchPage';
import { placeOf } from '../../features/search/group';
import type { Hit } from '../../lib/api';
import { toast } from '../../ui/toast';
import { useCurrentLibrary } from '../currentLibrary';
import { rememberTrail } from '../hitTrail';
import { useTitle } from '../useTitle';

const showTrail = (hits: readonly Hit[]) =>
  // A mark opens by itself, and a title has no place: the walk goes over words.
  rememberTrail(hits.filter((hit) => !hit.mark_id && hit.end > hit.start).map(({ document_id, page, start, end }) => ({ documentId: document_id, page, start, end })));

const route = getRouteApi('/frame/search');

/** To the query's field, with a part of it chosen. */
function editQuery(start: number, end: number): void {
  const field = document.getElementById('query');
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.setSelectionRange(start, end);
}

export function SearchRoute() {
  const { t } = useTranslation('search');
  const { t: words } = useTranslation('savedsearch');
  const { q = '', library, saved: savedId } = route.useSearch();
  const here = useCurrentLibrary();
  const navigate = useNavigate();
  const hash = useRouterState({ select: (state) => state.location.hash });
  // One is saved in the library that is searched, or else in the one that one comes from.
  const libraries = useSuspenseQuery(libraryListQuery()).data.items;
  const home = libraries.find(({ id }) => id === library) ?? here;
  const { data: list } = useQuery(savedSearchesQuery(home?.id ?? ''));
  const saved = list?.find(({ id }) => id === savedId);
  const savedQuery = saved?.query;
  const gone = savedId !== undefined && list !== undefined && !saved;
  useEffect(() => {
    // A link to a saved search says its name alone: its query is what it is now.
    if (!q && savedQuery) void navigate({ to: '/search', search: { q: savedQuery, library: home?.id, saved: savedId }, replace: true });
  }, [q, savedQuery, home?.id, savedId, navigate]);
  useEffect(() => {
    if (!gone) return;
    if (!q) toast(words('gone'));
    void navigate({ to: '/search', search: { q: q || undefined, library }, replace: true });
  }, [gone, q, library, navigate, words]);
  const saving = hash === 'save';
  const onSaving = (open: boolean) =>
    void navigate({ to: '/search', search: { q: q || undefined, library, saved: savedId }, ...(open ? { hash: 'save' } : {}), replace: true });
  useTitle(saved ? saved.name : q ? `${q} · ${t('title')}` : t('title'));
  return (
    <SearchPage
      key={`${q} ${library ?? ''}`}
      q={q}
      libraryId={library}
      here={here && { id: here.id, name: here.name }}
      onScope={(scope) => void navigate({ to: '/search', search: { q, library: scope }, replace: true })}
      onQuery={(next) => void navigate({ to: '/search', search: { q: next || undefined, library, saved: savedId } })}
      onShown={showTrail}
      bar={
        home ? (
          <SavedBar
            q={q}
            library={{ id: home.id, name: home.name, mayShare: may.editDocuments(home.role) }}
            saved={saved}
            saving={saving}
            onSaving={onSaving}
            onSaved={(made) => void navigate({ to: '/search', search: { q: made?.query ?? q, library: home.id, saved: made?.id }, replace: true })}
          />
        ) : null
      }
      broken={saved && saved.query === q ? words('brokenTitle', { name: saved.name }) : undefined}
      mend={(at) => (
        <Mend
          q={q}
          at={at}
          onQuery={(next) => void navigate({ to: '/search', search: { q: next, library, saved: savedId } })}
          onEdit={editQuery}
        />
      )}
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
