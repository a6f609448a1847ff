/** The reader with its discussion, and what else there is to do with a document: where they meet. */
import { Menu } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DiscussionProvider, useDiscussion } from '../../features/annotation/Discussion';
import { FilterMenu } from '../../features/annotation/FilterMenu';
import { Leader } from '../../features/annotation/Leader';
import { SelectionPopup } from '../../features/annotation/Popup';
import { Ruler } from '../../features/annotation/Ruler';
import { ThumbCount, ThumbMarks } from '../../features/annotation/Thumb';
import { NotesPart } from '../../features/annotation/NotesPart';
import { Rail } from '../../features/annotation/Rail';
import { SaveState } from '../../features/annotation/SaveState';
import { SheetThread } from '../../features/annotation/SheetThread';
import { ToolItems, Tools } from '../../features/annotation/Tools';
import { useDiscussionKeys } from '../../features/annotation/useDiscussionKeys';
import { OlderEdition } from '../../features/document/Editions';
import { may } from '../../features/library/api';
import { FollowPill } from '../../features/presence/FollowPill';
import { People } from '../../features/presence/People';
import { PresenceProvider, usePresence, useShare } from '../../features/presence/PresenceProvider';
import { ThumbReaders } from '../../features/presence/ThumbReaders';
import { downloadUrl } from '../../features/reader/api';
import { ReaderPage, type ReaderPageProps } from '../../features/reader/ReaderPage';
import type { Reading, ReaderSlots } from '../../features/reader/slots';
import { usePageWords } from '../../features/reader/usePageWords';
import { CitationPopup } from '../../features/references/CitationPopup';
import { ReferencesPanel } from '../../features/references/ReferencesPanel';
import { ReferencesProvider, useReferences } from '../../features/references/ReferencesProvider';
import { ShareDialog } from '../../features/sharing/ShareDialog';
import { ShareItem, ShareMenu } from '../../features/transfer/ShareMenu';
import { TransferProvider } from '../../features/transfer/TransferProvider';
import type { DocumentDetail, Edition, Person } from '../../lib/api';
import type { PdfEvents } from '../../pdfview/types';
import { useSocket } from '../live/LiveProvider';
import { InBar } from '../shell/barPlace';
import { useDocumentInfo } from './useDocumentInfo';
import { useEdition } from './useEdition';
import { useMarksAndCitations } from './useMarksAndCitations';

interface Props extends ReaderPageProps {
  documentId: string;
  me: Person;
  /** The mark that the address names. */
  mark: string | undefined;
  /** The edition that the address names, when it is not the newest. */
  older: string | undefined;
}

export default function DiscussedReader({ documentId, document, me, mark, older, ...reader }: Props) {
  const linkTo = useCallback(
    ({ id, anchor }: { id: string; anchor: { parts: { page: number }[] } }) => {
      const page = anchor.parts[0]?.page;
      return `${window.location.origin}/d/${documentId}#a=${id}${page ? `&p=${page}` : ''}`;
    },
    [documentId],
  );
  const live = useSocket();
  // What the address says later is the reader's own page.
  const [addressed] = useState(reader.page !== undefined || reader.hit !== undefined || mark !== undefined);
  const [sharing, setSharing] = useState(false);
  const { edition, wanted } = useEdition(document, older);
  if (wanted) return null;
  if (!document) return <ReaderPage {...reader} document={undefined} />;
  if (!edition) {
    return (
      <DiscussionProvider document={document} edition={null} me={me} first={mark} linkTo={linkTo}>
        <WithoutFile {...reader} document={document} />
      </DiscussionProvider>
    );
  }
  return (
    <DiscussionProvider key={edition.id} document={document} edition={edition} me={me} first={mark} linkTo={linkTo}>
      <PresenceProvider
        live={live}
        documentId={documentId}
        editionId={edition.id}
        me={me.id}
        addressed={addressed}
      >
        <TransferProvider
          documentId={documentId}
          editionId={edition.id}
          mayImport={document.role !== 'reader' && !document.trashed_at}
          downloadUrl={downloadUrl(edition.id)}
          link={`${window.location.origin}/d/${documentId}`}
          onShareByLink={may.shareByLink(document.role) && !document.trashed_at ? () => setSharing(true) : undefined}
        >
          <Cited document={document} edition={edition}>
            <WithSlots {...reader} document={document} edition={edition} />
          </Cited>
          {sharing ? <ShareDialog target={{ documentId }} name={document.title} onClose={() => setSharing(false)} /> : null}
        </TransferProvider>
      </PresenceProvider>
    </DiscussionProvider>
  );
}

/** Without a file there are notes to be written, and nothing to be marked. */
function WithoutFile(props: ReaderPageProps & { document: DocumentDetail }) {
  const { t } = useTranslation('annotation');
  const others = useDocumentInfo(props.document, '');
  const info = useMemo(() => [{ id: 'notes', title: t('note.heading'), content: <NotesPart /> }, ...others], [others, t]);
  return <ReaderPage {...props} slots={useMemo(() => ({ info }), [info])} />;
}

/** The references, with the words of the pages that the reader has. */
function Cited({ document, edition, children }: { document: DocumentDetail; edition: Edition; children: ReactNode }) {
  const words = usePageWords(document.id, edition);
  return (
    <ReferencesProvider documentId={document.id} edition={edition} words={words}>
      {children}
    </ReferencesProvider>
  );
}

const comments = 'comments';
const references = 'references';

interface SlotsProps extends ReaderPageProps {
  document: DocumentDetail;
  edition: Edition;
}

function WithSlots({ document, ...reader }: SlotsProps) {
  const { edition } = reader;
  const info = useDocumentInfo(document, edition.id);
  const isOlder = document.edition !== null && document.edition.id !== edition.id;
  const { t } = useTranslation('annotation');
  const { marks, viewMarks, tool } = useDiscussion();
  const { marks: onPages, events: shown } = useMarksAndCitations();
  const { pointers, events: sharing } = useShare();
  const { t: cited } = useTranslation('references');
  const { list } = useReferences();
  const events = useMemo<PdfEvents>(
    () => ({
      ...shown,
      ...sharing,
      onView: (view) => {
        shown.onView?.(view);
        sharing.onView?.(view);
      },
      onSelect: (selected) => {
        shown.onSelect?.(selected);
        sharing.onSelect?.(selected);
      },
    }),
    [shown, sharing],
  );
  const perPage = useMemo(() => {
    const counts = new Map<number, number>();
    for (const page of new Set(viewMarks.map((mark) => mark.page))) {
      counts.set(page, new Set(viewMarks.filter((mark) => mark.page === page).map(({ id }) => id)).size);
    }
    return counts;
  }, [viewMarks]);
  const slots = useMemo<ReaderSlots>(
    () => ({
      marks: onPages,
      pointers,
      tool,
      events,
      firstPanel: comments,
      panels: (reading) => [
        {
          id: comments,
          title: t('panel'),
          count: marks.length,
          tools: <FilterMenu />,
          content: reading.narrow ? <SheetThread /> : <Rail />,
        },
        {
          id: references,
          title: cited('title'),
          count: list?.length,
          content: <ReferencesPanel jump={reading.jump} onGone={reading.narrow ? () => reading.showPanel(undefined) : undefined} />,
        },
      ],
      tools: () => <Tools />,
      menu: () => (
        <>
          <ShareItem />
          <Menu.Divider />
          <ToolItems />
        </>
      ),
      actions: () => <ShareMenu />,
      notice: isOlder ? <OlderEdition documentId={document.id} /> : undefined,
      info,
      status: (reading) => <Status reading={reading} />,
      over: (reading) => (
        <>
          <Over reading={reading} />
          {reading.pdf ? (
            <CitationPopup pdf={reading.pdf} jump={reading.jump} onList={() => reading.showPanel(references)} />
          ) : null}
          <FollowPill pages={reading} />
          <InBar>
            <People narrow={reading.narrow} />
          </InBar>
        </>
      ),
      edge: (reading) =>
        reading.pdf && !reading.narrow ? <ReadersRuler reading={reading} /> : null,
      onThumbnail: (page) => {
        const count = perPage.get(page) ?? 0;
        return {
          over: <ThumbMarks page={page} />,
          beside: (
            <>
              <ThumbReaders page={page} />
              <ThumbCount count={count} />
            </>
          ),
          label: count > 0 ? t('thumb.count', { count }) : '',
        };
      },
    }),
    [marks.length, perPage, onPages, list?.length, cited, pointers, tool, events, info, isOlder, document.id, t],
  );
  return <ReaderPage {...reader} document={document} slots={slots} />;
}

function ReadersRuler({ reading }: { reading: Reading }) {
  const { readers } = usePresence();
  return (
    <Ruler
      onGo={(top) => reading.jump((pdf) => pdf.scrollTo(top))}
      readers={readers.filter(({ elsewhere }) => !elsewhere)}
    />
  );
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

/** What stands over the pages, and what ties the two together. */
function Over({ reading }: { reading: Reading }) {
  const { handle, focused, wish, draft } = useDiscussion();
  const { pdf, showPanel, narrow, panel } = reading;
  handle.current = pdf;
  const open = useCallback(() => showPanel(comments), [showPanel]);
  useDiscussionKeys(open);
  useAddressed(reading);

  // A mark that is looked at wants its card to be seen.
  const shown = useRef({ focused, count: wish.count });
  const wanted = draft?.mark.id ?? focused;
  useEffect(() => {
    const before = shown.current;
    shown.current = { focused: wanted, count: wish.count };
    if (wanted && (before.focused !== wanted || before.count !== wish.count)) open();
  }, [wanted, wish.count, open]);

  return (
    <>
      {panel === comments && !narrow ? <Leader /> : null}
      <SelectionPopup />
    </>
  );
}

/** Brings the mark that the address names into the window, once both are there. */
function useAddressed({ pdf }: Reading) {
  const { focused, handle, layout } = useDiscussion();
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !pdf || !focused || layout === 0) return;
    done.current = true;
    handle.current?.showMark(focused);
  }, [pdf, focused, layout, handle]);
}
