import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { SearchX, TextSearch } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hit } from '../../lib/api';
import { useKeys } from '../../lib/keys';
import { problemOf, sentence } from '../../lib/problem';
import { announce } from '../../ui/announce';
import { Keys } from '../../ui/Keys';
import { useDelayed } from '../../ui/useDelayed';
import { searchQuery } from './api';
import { groupHits, hitKey, visibleHits } from './group';
import { HitGroupView } from './HitGroupView';
import { Narrow } from './Narrow';
import { ways, withoutFilters } from './narrowing';
import { Preview } from './Preview';
import classes from './SearchPage.module.css';

interface Props {
  q: string;
  /** Undefined: all libraries. */
  libraryId: string | undefined;
  /** The library one comes from, to search in it alone. */
  here: { id: string; name: string } | undefined;
  onScope: (libraryId: string | undefined) => void;
  /** Another query in place of this one. */
  onQuery: (q: string) => void;
  onOpen: (hit: Hit) => void;
  /** The hits on screen, in order, whenever they change. */
  onShown: (hits: readonly Hit[]) => void;
  /** Below the head: what else there is to do with the query. */
  bar?: ReactNode;
  /** In place of trying again, where the query cannot be answered; `at` is where it breaks, in code points. */
  mend?: (at: number | undefined) => ReactNode;
  /** What is said before the reason why it cannot be answered. */
  broken?: string | undefined;
}

// Where each search was left, for coming back to it.
const places = new Map<string, { chosen: string | undefined; open: ReadonlySet<string> }>();

/** Everything that matches, by document; n and p walk over the hits. */
export function SearchPage({ q, libraryId, here, onScope, onQuery, onOpen, onShown, bar, mend, broken }: Props) {
  const { t } = useTranslation('search');
  const search = useInfiniteQuery(searchQuery(q, libraryId));
  const pages = search.data?.pages;
  const hits = useMemo(() => pages?.flatMap((page) => page.hits) ?? [], [pages]);
  const groups = useMemo(() => groupHits(hits), [hits]);
  const place = `${libraryId ?? ''} ${q}`;
  const [open, setOpen] = useState<ReadonlySet<string>>(() => places.get(place)?.open ?? new Set());
  const shown = useMemo(() => visibleHits(groups, open), [groups, open]);
  const [chosen, setChosen] = useState(() => places.get(place)?.chosen);
  const list = useRef<HTMLDivElement>(null);
  const waiting = useDelayed(search.isFetching && !search.data);

  const at = Math.max(0, shown.findIndex((hit) => hitKey(hit) === chosen));
  const current = shown[at];
  const first = pages?.at(0);
  const pending = pages?.at(0)?.documents_pending ?? 0;
  const message = pages?.at(0)?.message;
  const partial = pages?.some((page) => page.partial) ?? false;

  const go = useCallback(
    (index: number) => {
      const hit = shown[Math.max(0, Math.min(shown.length - 1, index))];
      if (!hit) return;
      setChosen(hitKey(hit));
      // The focus goes along: the hit is read out, and Enter opens it.
      const link = list.current?.querySelector<HTMLElement>(`[data-hit="${CSS.escape(hitKey(hit))}"]`);
      link?.focus({ preventScroll: true });
      link?.scrollIntoView({ block: 'nearest' });
    },
    [shown],
  );
  const group = t('keys.group');
  useKeys([
    { keys: 'n', label: t('keys.next'), group, run: () => go(at + 1) },
    { keys: 'p', label: t('keys.previous'), group, run: () => go(at - 1) },
    { keys: 'j', run: () => go(at + 1) },
    { keys: 'k', run: () => go(at - 1) },
    { keys: 'ArrowDown', run: () => go(at + 1) },
    { keys: 'ArrowUp', run: () => go(at - 1) },
    { keys: 'Enter', label: t('keys.open'), group, run: () => current && onOpen(current) },
  ]);

  useEffect(() => {
    places.set(place, { chosen, open });
  }, [place, chosen, open]);
  useEffect(() => onShown(shown), [shown, onShown]);
  useEffect(() => {
    // Back from a document: the hit one came from is on screen again.
    if (chosen) list.current?.querySelector(`[data-hit="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: 'nearest' });
    // Only when the page opens; later it follows the keys.
  }, []);

  const count = t('count', {
    hits: t('hits', { count: hits.length, more: search.hasNextPage ? '+' : '' }),
    documents: t('documents', { count: groups.length, more: search.hasNextPage ? '+' : '' }),
  });
  const bare = first ? withoutFilters(q, first.filters) : '';
  const ready = search.data !== undefined;
  const problem = problemOf(search.error);
  const invalid = problem.status === 422;
  useEffect(() => {
    if (ready && q) announce(hits.length > 0 ? count : t('nothing', { q }));
  }, [ready, q, hits.length, count, t]);

  return (
    <div className={classes.page}>
      <section className={classes.results} aria-label={t('label')}>
        <header className={classes.head}>
          <h1 className={`${classes.count} tabular`}>{q && ready && hits.length > 0 ? count : t('title')}</h1>
          {here ? (
            <SegmentedControl
              size="xs"
              aria-label={t('where')}
              value={libraryId ? 'here' : 'all'}
              onChange={(value) => onScope(value === 'here' ? here.id : undefined)}
              data={[
                { value: 'here', label: here.name },
                { value: 'all', label: t('everywhere') },
              ]}
            />
          ) : null}
        </header>
        {bar}
        {first && (first.filters.length > 0 || hits.length > 0) ? <Narrow q={q} answer={first} onQuery={onQuery} /> : null}
        <div
          ref={list}
          id="hits"
          className={classes.list}
          tabIndex={-1}
          // From the query's field: to the hit that n and p go on from.
          onFocus={(event) => event.target === event.currentTarget && go(at)}
        >
          {search.error && !ready ? (
            <div className={classes.empty} role="alert">
              {invalid && broken ? <p className={classes.emptyTitle}>{broken}</p> : null}
              <p>{sentence(search.error)}</p>
              {invalid && mend ? (
                mend(typeof problem.at === 'number' ? problem.at : undefined)
              ) : (
                <Button variant="default" onClick={() => void search.refetch()}>
                  {t('again')}
                </Button>
              )}
            </div>
          ) : !q ? (
            <div className={classes.empty}>
              <TextSearch size={28} strokeWidth={1.5} aria-hidden />
              <p className={classes.emptyTitle}>{t('begin')}</p>
              <dl className={classes.syntax}>
                {ways.map((way) => (
                  <div key={way}>
                    <dt>{t(`syntax.${way}.example`)}</dt>
                    <dd>{t(`syntax.${way}.text`)}</dd>
                  </div>
                ))}
              </dl>
            </div>
          ) : ready && hits.length === 0 ? (
            <div className={classes.empty}>
              <SearchX size={28} strokeWidth={1.5} aria-hidden />
              <p className={classes.emptyTitle}>{t('nothing', { q })}</p>
              <p>{message ?? t('nothingHint')}</p>
              {first?.suggestion ? (
                <Button variant="default" onClick={() => onQuery(first.suggestion ?? '')}>
                  {t('didYouMean', { q: first.suggestion })}
                </Button>
              ) : null}
              {first && first.filters.length > 0 && bare ? (
                <Button variant="default" onClick={() => onQuery(bare)}>
                  {t('withoutFilters')}
                </Button>
              ) : null}
              {libraryId && here ? (
                <Button variant="default" onClick={() => onScope(undefined)}>
                  {t('tryEverywhere')}
                </Button>
              ) : null}
            </div>
          ) : ready ? (
            <>
              {groups.map((each) => (
                <HitGroupView
                  key={each.documentId}
                  group={each}
                  current={current ? hitKey(current) : undefined}
                  all={open.has(each.documentId)}
                  onAll={() => setOpen(new Set([...open, each.documentId]))}
                  onChoose={(hit) => setChosen(hitKey(hit))}
                />
              ))}
              {search.hasNextPage ? (
                <div className={classes.more}>
                  <Button variant="default" loading={search.isFetchingNextPage} onClick={() => void search.fetchNextPage()}>
                    {t('more')}
                  </Button>
                </div>
              ) : partial ? (
                <p className={classes.more}>{message ?? t('partial')}</p>
              ) : null}
            </>
          ) : waiting ? (
            <div role="status" className={classes.empty}>
              {t('searching')}
            </div>
          ) : null}
        </div>
        <footer className={classes.foot}>
          <span className={classes.hint}>
            <Keys keys="n" /> <Keys keys="p" /> {t('foot.walk')}
          </span>
          <span className={classes.hint}>
            <Keys keys="Enter" /> {t('foot.open')}
          </span>
          <span className={classes.pending} role="status">
            {pending > 0 ? t('pending', { count: pending }) : ''}
          </span>
        </footer>
      </section>
      {current ? <Preview hit={current} number={at + 1} count={shown.length} onGo={(step) => go(at + step)} onOpen={() => onOpen(current)} /> : null}
    </div>
  );
}
