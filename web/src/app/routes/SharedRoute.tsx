/** Where the address of a link leads: what was shared, for who has no account. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { openLink, visitQuery } from '../../features/sharing/api';
import { GuestFrame, GuestList, GuestNotice, LinkPassword, NameBar } from '../../features/sharing/GuestPage';
import { becomeGuest, isGuest } from '../../lib/guest';
import { problemOf, sentence } from '../../lib/problem';
import { useTitle } from '../useTitle';

const SharedReader = lazy(() => import('./SharedReader'));

export function SharedRoute() {
  const { t } = useTranslation('sharing');
  const { token } = useParams({ from: '/s/$token' });
  const open = useMutation({
    mutationFn: async (password: string | undefined) => {
      const { link_id: id } = await openLink(token, password);
      becomeGuest(id);
    },
  });
  const { mutate } = open;
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    mutate(undefined);
  }, [mutate]);
  useTitle(t('guest.title'));

  if (open.isSuccess && isGuest()) return <Visited onReopen={() => mutate(undefined)} />;
  const problem = open.error ? problemOf(open.error) : undefined;
  const locked = problem?.code === 'link_password' || problem?.code === 'link_password_wrong' || open.variables !== undefined;
  return (
    <GuestFrame>
      {locked && problem?.code !== 'link_gone' ? (
        <LinkPassword
          problem={problem && problem.code !== 'link_password' && open.error ? sentence(open.error) : undefined}
          busy={open.isPending}
          onSubmit={mutate}
        />
      ) : open.error ? (
        <Ended error={open.error} onAgain={() => mutate(undefined)} />
      ) : (
        <GuestNotice title={t('guest.opening')} />
      )}
    </GuestFrame>
  );
}

/** Says that there is nothing, and whether to try again. */
function Ended({ error, onAgain }: { error: Error; onAgain: () => void }) {
  const { t } = useTranslation('sharing');
  const gone = problemOf(error).code === 'link_gone';
  return (
    <GuestNotice title={gone ? t('guest.gone') : t('guest.failed')} text={sentence(error)}>
      {gone ? null : <Button onClick={onAgain}>{t('guest.again')}</Button>}
    </GuestNotice>
  );
}

function Visited({ onReopen }: { onReopen: () => void }) {
  const { t } = useTranslation('sharing');
  const client = useQueryClient();
  const navigate = useNavigate();
  const { token } = useParams({ from: '/s/$token' });
  const { paper } = useSearch({ from: '/s/$token' });
  const { data: visit, error } = useQuery(visitQuery());
  // Always the same: the reader's socket hangs on it.
  const refresh = useCallback(() => client.invalidateQueries({ queryKey: visitQuery().queryKey }), [client]);
  const onEnded = useCallback(() => void refresh(), [refresh]);

  // The end is known beforehand: what is on screen goes then, and not when it is next asked for.
  const ends = visit?.expires_at;
  useEffect(() => {
    if (!ends) return undefined;
    const left = new Date(ends).getTime() - Date.now() + 500;
    // A timer holds 24 days at most.
    if (left > 2 ** 31 - 1) return undefined;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: visitQuery().queryKey }), Math.max(left, 0));
    return () => clearTimeout(timer);
  }, [client, ends]);

  const only = visit?.document_id ? visit.documents[0] : undefined;
  const shown = only ?? visit?.documents.find(({ id }) => id === paper);
  useTitle(shown?.title ?? visit?.name ?? t('guest.title'));

  // What has ended is taken away, whatever was seen before.
  const status = error ? problemOf(error).status : 0;
  if (error && (!visit || status === 401 || status === 403 || status === 404 || status === 410)) {
    return (
      <GuestFrame>
        <Ended error={error} onAgain={status === 401 ? onReopen : () => void refresh()} />
      </GuestFrame>
    );
  }
  if (!visit) {
    return (
      <GuestFrame>
        <GuestNotice title={t('guest.opening')} />
      </GuestFrame>
    );
  }
  const back =
    visit.collection_id && paper ? (
      <Link className="link" to="/s/$token" params={{ token }} search={{}}>
        {t('guest.back')}
      </Link>
    ) : undefined;
  return (
    <GuestFrame visit={visit} back={back}>
      {visit.access === 'comment' && !visit.guest ? <NameBar onNamed={refresh} /> : null}
      {shown ? (
        <Suspense fallback={null}>
          <SharedReader key={`${shown.id} ${visit.guest?.id ?? ''}`} visit={visit} documentId={shown.id} onEnded={onEnded} />
        </Suspense>
      ) : visit.collection_id && !paper ? (
        <GuestList
          visit={visit}
          hrefOf={({ id }) => `/s/${token}?paper=${id}`}
          onOpen={({ id }) => void navigate({ to: '/s/$token', params: { token }, search: { paper: id } })}
        />
      ) : (
        <GuestNotice title={t('guest.away')} />
      )}
    </GuestFrame>
  );
}
