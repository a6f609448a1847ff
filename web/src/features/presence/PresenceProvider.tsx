/** Who else is in the document: heard of, gone to, followed; and where I am myself. */
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Live } from '../../lib/live';
import { firstName, personColour } from '../../lib/people';
import type { PdfEvents, PdfHandle, Pointer } from '../../pdfview/types';
import { announce } from '../../ui/announce';
import { toast } from '../../ui/toast';
import { readersOf, type Reader } from './roster';
import { Sharer } from './sharer';
import { useShowing } from './showing';
import { useReadingPlace } from './useReadingPlace';
import { useRoster } from './useRoster';

/** How long somebody may be away until they have left: a page loaded anew is back sooner. In ms. */
const mayBeAway = 3000;

/** What is needed of the reading; `jump` remembers the way back. */
export interface Pages {
  readonly pdf: PdfHandle | null;
  readonly jump: (go: (pdf: PdfHandle) => void) => void;
}

interface Presence {
  readonly readers: readonly Reader[];
  /** Who is followed; kept for a moment when they are away. */
  readonly followed: Reader | undefined;
  readonly goTo: (reader: Reader) => void;
  readonly follow: (reader: Reader) => void;
  readonly unfollow: () => void;
  /** To be told of the reading on each render. */
  readonly take: (pages: Pages) => void;
}

interface Share {
  readonly pointers: readonly Pointer[];
  readonly events: Pick<PdfEvents, 'onView' | 'onSelect' | 'onJump'>;
}

const PresenceContext = createContext<Presence | null>(null);
const ShareContext = createContext<Share | null>(null);

export function usePresence(): Presence {
  const value = use(PresenceContext);
  if (!value) throw new Error('this part must be inside PresenceProvider');
  return value;
}

/** What the pages show of others and tell of me. Changes seldom, unlike where everybody is. */
export function useShare(): Share {
  const value = use(ShareContext);
  if (!value) throw new Error('this part must be inside PresenceProvider');
  return value;
}

interface Props {
  live: Live | undefined;
  documentId: string;
  editionId: string;
  me: string;
  /** Whether the address says where to open the document: then it is not opened where I was. */
  addressed: boolean;
  children: ReactNode;
}

export function PresenceProvider({ live, documentId, editionId, me, addressed, children }: Props) {
  const { t } = useTranslation('presence');
  const [sharer] = useState(() => new Sharer(editionId));
  const roster = useRoster(live, documentId, sharer);
  const readers = useMemo(() => readersOf(roster, me, editionId), [roster, me, editionId]);
  const showing = useShowing();
  useEffect(() => sharer.show(showing), [sharer, showing]);

  const [pdf, setPdf] = useState<PdfHandle | null>(null);
  const pages = useRef<Pages>({ pdf: null, jump: () => undefined });
  const take = useCallback((next: Pages) => {
    pages.current = next;
    setPdf(next.pdf);
  }, []);
  // A jump of our own making, as against the reader's.
  const ours = useRef(false);
  const jump = useCallback((go: (pdf: PdfHandle) => void) => {
    ours.current = true;
    pages.current.jump(go);
    ours.current = false;
  }, []);
  const see = useReadingPlace({ live, documentId, editionId, me, addressed, pdf, jump });

  const [followed, setFollowed] = useState<Reader>();
  const followedName = followed?.name;
  const now = readers.find(({ id }) => id === followed?.id);
  const goTo = useCallback(
    (reader: Reader) => {
      if (reader.elsewhere) return;
      setFollowed(undefined);
      jump((pdf) => pdf.goToPlace(reader));
      pages.current.pdf?.focus();
    },
    [jump],
  );
  const follow = useCallback(
    (reader: Reader) => {
      if (reader.elsewhere) return;
      jump((pdf) => pdf.goToPlace(reader));
      pages.current.pdf?.focus();
      setFollowed(reader);
      announce(t('follow.said', { name: reader.name }));
    },
    [jump, t],
  );
  const unfollow = useCallback(() => {
    setFollowed(undefined);
    if (followedName !== undefined) announce(t('follow.stopped', { name: followedName }));
  }, [followedName, t]);

  const { page, x, y } = now ?? {};
  const away = followed !== undefined && (!now || now.elsewhere);
  useEffect(() => {
    if (away || page === undefined || x === undefined || y === undefined) return;
    pages.current.pdf?.goToPlace({ page, x, y });
  }, [away, page, x, y]);
  useEffect(() => {
    if (!away || followedName === undefined) return undefined;
    const timer = setTimeout(() => {
      setFollowed(undefined);
      toast(t('follow.left', { name: followedName }));
    }, mayBeAway);
    return () => clearTimeout(timer);
  }, [away, followedName, t]);

  const following = useRef(unfollow);
  following.current = unfollow;
  const events = useMemo<Share['events']>(
    () => ({
      onView: ({ top }) => {
        sharer.move(top);
        see(top);
      },
      onSelect: (selected) => sharer.select(selected),
      onJump: () => {
        if (!ours.current) following.current();
      },
    }),
    [sharer, see],
  );
  const pointers = usePointers(readers);

  const presence = useMemo<Presence>(
    () => ({ readers, followed: followed && (now ?? followed), goTo, follow, unfollow, take }),
    [readers, followed, now, goTo, follow, unfollow, take],
  );
  const share = useMemo(() => ({ pointers, events }), [pointers, events]);
  return (
    <ShareContext value={share}>
      <PresenceContext value={presence}>{children}</PresenceContext>
    </ShareContext>
  );
}

/** What others have selected. The same array while nobody selects anything else, however much they move. */
function usePointers(readers: readonly Reader[]): readonly Pointer[] {
  const selecting = readers.filter(({ selection, elsewhere }) => selection && !elsewhere);
  const said = JSON.stringify(selecting.map(({ id, name, selection }) => [id, name, selection]));
  return useMemo(
    () =>
      selecting.flatMap(({ id, name, selection }) =>
        selection
          ? [
              {
                id,
                name: firstName(name),
                color: personColour(id),
                page: selection.page,
                quads: selection.quads as unknown as Pointer['quads'],
              },
            ]
          : [],
      ),
    // `said` is all that is taken from `selecting`.
    [said],
  );
}
