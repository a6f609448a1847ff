/** The reader of a guest: the paper, its references, and as far as the link goes its discussion. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChangesProvider } from '../../features/annotation/ChangesProvider';
import { DiscussionProvider, useDiscussion } from '../../features/annotation/Discussion';
import { FilterMenu } from '../../features/annotation/FilterMenu';
import { Leader } from '../../features/annotation/Leader';
import { SelectionPopup } from '../../features/annotation/Popup';
import { Rail } from '../../features/annotation/Rail';
import { SaveState } from '../../features/annotation/SaveState';
import { SheetThread } from '../../features/annotation/SheetThread';
import { ToolItems, Tools } from '../../features/annotation/Tools';
import { useDiscussionKeys } from '../../features/annotation/useDiscussionKeys';
import { documentQuery } from '../../features/document/api';
import { ReaderPage, type ReaderPageProps } from '../../features/reader/ReaderPage';
import type { Reading, ReaderSlots } from '../../features/reader/slots';
import { usePageWords } from '../../features/reader/usePageWords';
import { CitationPopup } from '../../features/references/CitationPopup';
import { ReferencesPanel } from '../../features/references/ReferencesPanel';
import { ReferencesProvider, useReferences } from '../../features/references/ReferencesProvider';
import { GuestNotice } from '../../features/sharing/GuestPage';
import type { DocumentDetail, Edition, ShareVisit } from '../../lib/api';
import { apiPath } from '../../lib/guest';
import { Live } from '../../lib/live';
import { problemOf, sentence } from '../../lib/problem';
import { queryKeys } from '../../lib/queryKeys';
import { useMarksAndCitations } from './useMarksAndCitations';

interface Props {
  visit: ShareVisit;
  documentId: string;
  /** The link, or this paper's part in it, may have ended. */
  onEnded: () => void;
}

const comments = 'comments';
const references = 'references';

const liveUrl = () => `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}${apiPath('/api/live')}`;

export default function SharedReader({ visit, documentId, onEnded }: Props) {
  const { t } = useTranslation('sharing');
  const { data: document, error } = useQuery({ ...documentQuery(documentId), retry: false });
  const connected = useNews(documentId, visit.access !== 'read', onEnded);
  const status = error ? problemOf(error).status : 0;
  useEffect(() => {
    if (status === 401 || status === 410) onEnded();
  }, [status, onEnded]);
  if (error && (!document || status === 404 || status === 410)) return <GuestNotice title={t('guest.away')} text={sentence(error)} />;
  const edition = document?.edition;
  const reader: ReaderPageProps = { document, page: undefined, hit: undefined, onPlaceChange: () => undefined };
  if (!document || !edition) return <ReaderPage {...reader} />;
  const cited = (children: ReactNode) => (
    <Cited document={document} edition={edition}>
      {children}
    </Cited>
  );
  if (visit.access === 'read') return cited(<Quiet {...reader} />);
  // Who has said no name yet is nobody: nothing is theirs.
  const me = visit.guest ?? { id: visit.link_id, name: '' };
  const mayMark = visit.access === 'comment' && visit.guest !== null;
  return (
    <ChangesProvider personId={me.id} connected={connected}>
      <DiscussionProvider
        key={edition.id}
        document={mayMark ? document : { ...document, role: 'reader' }}
        edition={edition}
        me={me}
        first={undefined}
        linkTo={() => window.location.href}
      >
        {cited(<Discussed {...reader} mayMark={mayMark} />)}
      </DiscussionProvider>
    </ChangesProvider>
  );
}

/** Listens to news of a document's marks, and learns by the same way that the link has ended. */
function useNews(documentId: string, wanted: boolean, onEnded: () => void): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (!wanted) return undefined;
    const live = new Live(liveUrl());
    const read = () => void client.invalidateQueries({ queryKey: queryKeys.annotations(documentId) });
    const stops = [
      live.watch(() => setConnected(live.state === 'live')),
      live.listen(`marks:${documentId}`, { onMessage: read, onGap: read, onUnsubscribed: onEnded }),
    ];
    live.connect();
    return () => {
      for (const stop of stops) stop();
      live.close();
    };
  }, [client, documentId, wanted, onEnded]);
  return connected;
}

function Cited({ document, edition, children }: { document: DocumentDetail; edition: Edition; children: ReactNode }) {
  const words = usePageWords(document.id, edition);
  return (
    <ReferencesProvider documentId={document.id} edition={edition} words={words}>
      {children}
    </ReferencesProvider>
  );
}

/** The panel of references, for both. */
function useReferencesPanel() {
  const { t } = useTranslation('references');
  const { list } = useReferences();
  return useCallback(
    (reading: Reading) => ({
      id: references,
      title: t('title'),
      count: list?.length,
      content: <ReferencesPanel jump={reading.jump} onGone={reading.narrow ? () => reading.showPanel(undefined) : undefined} />,
    }),
    [t, list?.length],
  );
}

function Quiet(reader: ReaderPageProps) {
  const { marks, events } = useReferences();
  const panel = useReferencesPanel();
  const slots = useMemo<ReaderSlots>(
    () => ({
      marks,
      events,
      panels: (reading) => [panel(reading)],
      over: (reading) =>
        reading.pdf ? <CitationPopup pdf={reading.pdf} jump={reading.jump} onList={() => reading.showPanel(references)} /> : null,
    }),
    [marks, events, panel],
  );
  return <ReaderPage {...reader} slots={slots} />;
}

function Discussed({ mayMark, ...reader }: ReaderPageProps & { mayMark: boolean }) {
  const { t } = useTranslation('annotation');
  const { marks, tool } = useDiscussion();
  const { marks: onPages, events } = useMarksAndCitations();
  const panel = useReferencesPanel();
  const slots = useMemo<ReaderSlots>(
    () => ({
      marks: onPages,
      ...(mayMark ? { tool } : {}),
      events,
      firstPanel: comments,
      panels: (reading) => [
        { id: comments, title: t('panel'), count: marks.length, tools: <FilterMenu />, content: reading.narrow ? <SheetThread /> : <Rail /> },
        panel(reading),
      ],
      ...(mayMark ? { tools: () => <Tools />, menu: () => <ToolItems />, status: (reading: Reading) => <Status reading={reading} /> } : {}),
      over: (reading) => <Over reading={reading} mayMark={mayMark} />,
    }),
    [onPages, mayMark, tool, events, t, marks.length, panel],
  );
  return <ReaderPage {...reader} slots={slots} />;
}

function Status({ reading }: { reading: Reading }) {
  const { focus } = useDiscussion();
  return (
    <SaveState
      onStuck={(markId) => {
        reading.showPanel(comments);
        focus(markId, { show: true, to: 'card' });
      }}
    />
  );
}

function Over({ reading, mayMark }: { reading: Reading; mayMark: boolean }) {
  const { handle, focused, draft } = useDiscussion();
  const { pdf, showPanel, narrow, panel } = reading;
  handle.current = pdf;
  const open = useCallback(() => showPanel(comments), [showPanel]);
  const wanted = draft?.mark.id ?? focused;
  useEffect(() => {
    if (wanted) open();
  }, [wanted, open]);
  return (
    <>
      {panel === comments && !narrow ? <Leader /> : null}
      {mayMark ? <Keys onOpen={open} /> : null}
      {mayMark ? <SelectionPopup /> : null}
      {pdf ? <CitationPopup pdf={pdf} jump={reading.jump} onList={() => showPanel(references)} /> : null}
    </>
  );
}

function Keys({ onOpen }: { onOpen: () => void }) {
  useDiscussionKeys(onOpen);
  return null;
}
