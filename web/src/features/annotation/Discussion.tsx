/** One document's discussion: its marks as this person sees them, and what can be done with them. */
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  Annotation,
  AnnotationEdit,
  AnnotationPart,
  DocumentDetail,
  Edition,
  MarkKind,
  Meaning,
  Member,
  NewAnnotation,
} from '../../lib/api';
import { isGuest } from '../../lib/guest';
import { uuid } from '../../lib/uuid';
import type { Drawn, PdfEvents, PdfHandle, Rect, TextSelection, Tool, ViewMark } from '../../pdfview/types';
import { announce } from '../../ui/announce';
import { toast, toastReason } from '../../ui/toast';
import { ApiError } from '../../lib/problem';
import { annotationsQuery, membersQuery, settingsQuery, textVersionQuery, type MeaningNames } from './api';
import { useChangeQueue, useChanges } from './ChangesProvider';
import { byMark, isStuck, textOf, type Change, type Op } from './changes';
import { countAll, matches, noFilter, type Counts, type Filter } from './filter';
import { lastMeaning, rememberMeaning, useMeaningNames } from './meanings';
import { plainText } from './mentions';
import { isNote } from './note';
import { inTextOrder, isHomeless } from './order';
import { overlay } from './overlay';
import { useNews, type News } from './useNews';
import { ViewFeed } from './viewFeed';
import { viewMarkMaker } from './viewMarks';

/** A mark that is being written: shown like the others, on the server once it is submitted. */
export interface Draft {
  readonly mark: NewAnnotation;
  readonly parts: AnnotationPart[];
  readonly exact: string;
}

/** Where the focus is to go when another mark is looked at. */
export type FocusTo = 'card' | 'page' | 'none';

export interface Discussion {
  readonly documentId: string;
  readonly libraryId: string;
  readonly me: { id: string; name: string };
  readonly role: DocumentDetail['role'];
  /** May make marks that others see, and reply. */
  readonly mayShare: boolean;
  /** May do what a member may, not only mark and answer: react, resolve, ask somebody, keep a mark to oneself. */
  readonly mayJoin: boolean;
  readonly members: readonly Member[];
  readonly names: MeaningNames;
  readonly defaultPrivate: boolean;
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;

  /** All: notes on the document, then in the order of the text; those without a place in this edition at the end. */
  readonly marks: readonly Annotation[];
  /** Notes on the document that the filter leaves. */
  readonly notes: readonly Annotation[];
  /** Those that the filter leaves, with a place. */
  readonly placed: readonly Annotation[];
  /** Those that the filter leaves, without a place. */
  readonly homeless: readonly Annotation[];
  readonly counts: Counts;
  readonly filter: Filter;
  readonly setFilter: (filter: Filter) => void;
  /** What is not on the server yet, of each mark. */
  readonly unsaved: ReadonlyMap<string, readonly Change[]>;

  readonly focused: string | undefined;
  /** Looks at a mark (undefined: at none). `show` brings it into the window. */
  readonly focus: (id: string | undefined, options?: { show?: boolean; to?: FocusTo }) => void;
  /** Counts up with each wish to move the keyboard's focus; see FocusTo. */
  readonly wish: { readonly count: number; readonly to: FocusTo };
  readonly hovered: string | undefined;
  readonly hover: (id: string | undefined) => void;
  /** The mark or reply whose text is being edited. */
  readonly editing: string | undefined;
  readonly edit: (id: string | undefined) => void;

  readonly tool: Tool;
  readonly setTool: (tool: Tool) => void;
  readonly selection: TextSelection | null;
  readonly clearSelection: () => void;
  readonly draft: Draft | undefined;
  /** Marks what is selected; with `comment` it is first written about. */
  readonly markSelection: (kind: 'highlight' | 'underline', meaning: Meaning, comment?: boolean) => void;
  /** Begins a note on the document. */
  readonly writeNote: () => void;
  readonly submitDraft: (body: string, meaning: Meaning, secret: boolean) => void;
  readonly cancelDraft: () => void;

  readonly act: Actions;
  readonly news: News;
  readonly feed: ViewFeed;
  /** Counts up when the pages have another size. */
  readonly layout: number;
  readonly handle: React.RefObject<PdfHandle | null>;
  readonly viewMarks: readonly ViewMark[];
  readonly events: PdfEvents;
}

export interface Actions {
  readonly change: (mark: Annotation, edit: Omit<AnnotationEdit, 'revision'>, parts?: AnnotationPart[]) => void;
  readonly remove: (mark: Annotation) => void;
  /** Takes back a deletion, however long ago. */
  readonly restore: (mark: Annotation) => void;
  /** Takes back the last deletion, while it is offered. */
  readonly undo: () => boolean;
  readonly resolve: (mark: Annotation, resolved: boolean) => void;
  readonly assign: (mark: Annotation, person: { id: string; name: string } | null) => void;
  readonly confirm: (mark: Annotation) => void;
  readonly reply: (mark: Annotation, body: string) => void;
  readonly changeReply: (mark: Annotation, replyId: string, revision: number, body: string) => void;
  readonly removeReply: (mark: Annotation, replyId: string) => void;
  readonly react: (mark: Annotation, replyId: string | null, emoji: string, on: boolean) => void;
  readonly again: (id: string, op: Op) => void;
  readonly discard: (ids: readonly string[]) => void;
  readonly copyLink: (mark: Annotation) => void;
}

const Context = createContext<Discussion | null>(null);

export function useDiscussion(): Discussion {
  const value = use(Context);
  if (!value) throw new Error('this part must be inside DiscussionProvider');
  return value;
}

/** How long a deletion can be taken back by a toast or a key, in ms. */
const undoFor = 10_000;
const none: readonly Annotation[] = [];

interface Props {
  document: DocumentDetail;
  /** The file that is read; null for a work without one. */
  edition: Edition | null;
  me: { id: string; name: string };
  /** A mark to begin with: from the address. */
  first: string | undefined;
  /** The address of a mark, to be copied. */
  linkTo: (mark: Annotation) => string;
  /** Called when a mark is to be seen, so that the panel is open. */
  children: ReactNode;
}

export function DiscussionProvider({ document, edition, me, first, linkTo, children }: Props) {
  const { t } = useTranslation('annotation');
  const { id: documentId, library_id: libraryId, role } = document;
  const editionId = edition?.id ?? documentId;
  const mayShare = role !== 'reader';
  const mayJoin = mayShare && !isGuest();

  const list = useQuery(annotationsQuery(documentId, editionId));
  const members = useQuery(membersQuery(libraryId)).data?.items ?? noMembers;
  const settings = useQuery(settingsQuery(libraryId)).data;
  const textVersion = useQuery({ ...textVersionQuery(edition ?? noEdition), enabled: edition?.state === 'ready' }).data;
  const names = useMeaningNames(libraryId);
  const defaultPrivate = settings?.default_private ?? false;

  const queue = useChangeQueue();
  const changes = useChanges();
  const mine = useMemo(
    () => queue.changes.filter((change) => change.documentId === documentId),
    [queue.changes, documentId],
  );
  const unsaved = useMemo(() => byMark(mine), [mine]);
  const [draft, setDraft] = useState<Draft>();
  const server = list.data ?? none;
  const { id: myId, name: myName } = me;
  const marks = useMemo(() => {
    const myself = { id: myId, name: myName };
    const drafted: Change[] = draft
      ? [{ ...draftChange(draft, documentId, libraryId), state: 'waiting', tries: 0, problem: null, current: null }]
      : [];
    const known = new Set(server.map(({ id }) => id));
    const all = overlay(server, [...mine, ...drafted], myself);
    const fresh = new Set(all.filter(({ id }) => !known.has(id)).map(({ id }) => id));
    return inTextOrder(all, fresh);
  }, [server, mine, draft, myId, myName, documentId, libraryId]);

  const [filter, setFilter] = useState<Filter>(noFilter);
  const counts = useMemo(() => countAll(marks, myId), [marks, myId]);
  const [focused, setFocused] = useState<string>();
  const { notes, placed, homeless } = useMemo(() => {
    // What one looks at or writes stays, whatever is filtered.
    const left = marks.filter((mark) => mark.id === draft?.mark.id || matches(mark, filter, myId));
    return {
      notes: left.filter(isNote),
      placed: left.filter((mark) => !isHomeless(mark) && !isNote(mark)),
      homeless: left.filter(isHomeless),
    };
  }, [marks, filter, draft, myId]);

  const [hovered, setHovered] = useState<string>();
  const [editing, setEditing] = useState<string>();
  const [tool, setTool] = useState<Tool>('select');
  const [selection, setSelection] = useState<TextSelection | null>(null);
  const [wish, setWish] = useState<{ count: number; to: FocusTo }>({ count: 0, to: 'none' });
  const [layout, setLayout] = useState(0);
  const [feed] = useState(() => new ViewFeed());
  const handle = useRef<PdfHandle | null>(null);
  const news = useNews(list.data, myId, feed);

  const focus = useCallback<Discussion['focus']>((id, { show = false, to = 'none' } = {}) => {
    setFocused(id);
    setEditing((now) => (now === id ? now : undefined));
    if (id && show) handle.current?.showMark(id);
    if (to !== 'none') setWish(({ count }) => ({ count: count + 1, to }));
  }, []);

  const add = useCallback(
    (markId: string, op: Op) => changes.add({ documentId, libraryId, markId, op }),
    [changes, documentId, libraryId],
  );

  // The newest of these, for callbacks that stay the same.
  const now = useRef({ marks, notes, placed, selection, draft, unsaved, textVersion, linkTo });
  useEffect(() => {
    now.current = { marks, notes, placed, selection, draft, unsaved, textVersion, linkTo };
  });

  const undoable = useRef<{ op: Op; markId: string; until: number }[]>([]);
  const act = useMemo<Actions>(() => {
    const offerUndo = (markId: string, op: Op, message: string) => {
      const entry = { markId, op, until: Date.now() + undoFor };
      undoable.current.push(entry);
      toast(message, {
        timeout: undoFor,
        action: {
          label: t('undo'),
          run: () => {
            if (!undoable.current.includes(entry)) return;
            undoable.current = undoable.current.filter((other) => other !== entry);
            add(markId, op);
          },
        },
      });
    };
    return {
      change: (mark, edit, parts) =>
        add(mark.id, { do: 'edit', edit: { ...edit, revision: mark.revision }, ...(parts ? { parts } : {}) }),
      remove: (mark) => {
        // The next sensible place for the focus is the neighbour's card.
        const shown = isNote(mark) ? now.current.notes : now.current.placed;
        const at = shown.findIndex(({ id }) => id === mark.id);
        const next = shown[at + 1] ?? shown[at - 1];
        add(mark.id, { do: 'delete' });
        focus(next?.id, { to: next ? 'card' : 'page' });
        offerUndo(mark.id, { do: 'restore' }, t(isNote(mark) ? 'done.noteDeleted' : 'done.deleted'));
      },
      restore: (mark) => {
        add(mark.id, { do: 'restore' });
        announce(t('done.restored'));
      },
      undo: () => {
        const entry = undoable.current.filter(({ until }) => until > Date.now()).at(-1);
        undoable.current = undoable.current.filter((other) => other !== entry && other.until > Date.now());
        if (!entry) return false;
        add(entry.markId, entry.op);
        announce(t('done.restored'));
        return true;
      },
      resolve: (mark, resolved) => {
        add(mark.id, { do: 'resolve', resolved });
        announce(t(resolved ? 'done.resolved' : 'done.reopened'));
      },
      assign: (mark, person) => add(mark.id, { do: 'assign', person }),
      confirm: (mark) => add(mark.id, { do: 'confirm', editionId }),
      reply: (mark, body) => {
        add(mark.id, { do: 'reply', replyId: uuid(), body });
        announce(t('done.replied'));
      },
      changeReply: (mark, replyId, revision, body) => add(mark.id, { do: 'edit-reply', replyId, revision, body }),
      removeReply: (mark, replyId) => {
        add(mark.id, { do: 'delete-reply', replyId });
        offerUndo(mark.id, { do: 'restore-reply', replyId }, t('done.replyDeleted'));
      },
      react: (mark, replyId, emoji, on) => add(mark.id, { do: 'react', replyId, emoji, on }),
      again: (id, op) => changes.again(id, op),
      discard: (ids) => changes.discard(ids),
      copyLink: (mark) => {
        void navigator.clipboard.writeText(now.current.linkTo(mark)).then(
          () => toast(t('done.linkCopied')),
          () => toast(now.current.linkTo(mark), { timeout: 15_000 }),
        );
      },
    };
  }, [add, changes, editionId, focus, t]);

  const clearSelection = useCallback(() => {
    handle.current?.clearSelection();
    setSelection(null);
  }, []);

  const make = useCallback(
    (made: Draft, comment: boolean) => {
      if (comment) {
        setDraft(made);
        focus(made.mark.id, { to: 'none' });
      } else {
        add(made.mark.id, { do: 'make', mark: made.mark, parts: made.parts, exact: made.exact });
        focus(made.mark.id);
      }
    },
    [add, focus],
  );

  const secretAtFirst = !mayShare || defaultPrivate;
  const markSelection = useCallback<Discussion['markSelection']>(
    (kind, meaning, comment = false) => {
      const { selection: selected, textVersion: version } = now.current;
      if (!selected || selected.parts.length === 0) return;
      rememberMeaning(meaning);
      make(
        {
          mark: {
            id: uuid(),
            edition_id: editionId,
            kind,
            meaning,
            private: secretAtFirst,
            body: '',
            ...(version ? { text_version: version } : {}),
            parts: selected.parts.map(({ page, start, end }) => ({ page, start, end })),
          },
          parts: selected.parts.map(({ page, start, end, quads }) => ({
            page,
            start,
            end,
            quads: quads.map((quad) => [...quad]),
            rect: null,
            paths: [],
          })),
          exact: selected.text,
        },
        comment,
      );
      clearSelection();
      if (!comment) announce(t('done.marked', { meaning: names[meaning] }));
    },
    [clearSelection, editionId, make, names, secretAtFirst, t],
  );

  const drawn = useCallback(
    ({ shape, page, rect, paths }: Drawn) => {
      const box: number[] | null = rect ? [...rect] : null;
      const lines = (paths ?? []).map((path) => [...path]);
      const meaning = lastMeaning();
      make(
        {
          mark: {
            id: uuid(),
            edition_id: editionId,
            kind: shape,
            meaning,
            private: secretAtFirst,
            body: '',
            parts: [{ page, ...(box ? { rect: box } : {}), ...(lines.length > 0 ? { paths: lines } : {}) }],
          },
          parts: [{ page, start: null, end: null, quads: [], rect: box, paths: lines }],
          exact: '',
        },
        shape !== 'ink',
      );
      // One stroke seldom comes alone.
      if (shape !== 'ink') setTool('select');
    },
    [editionId, make, secretAtFirst],
  );

  const writeNote = useCallback(() => {
    const { draft: written } = now.current;
    if (written && isNote(written.mark)) focus(written.mark.id);
    else {
      make(
        {
          mark: { id: uuid(), kind: 'document', meaning: 'key', private: secretAtFirst, body: '', parts: [] },
          parts: [],
          exact: '',
        },
        true,
      );
    }
  }, [focus, make, secretAtFirst]);

  const submitDraft = useCallback<Discussion['submitDraft']>(
    (body, meaning, secret) => {
      const { draft: written } = now.current;
      if (!written) return;
      if (!isNote(written.mark)) rememberMeaning(meaning);
      setDraft(undefined);
      add(written.mark.id, {
        do: 'make',
        mark: { ...written.mark, body, meaning, private: secret },
        parts: written.parts,
        exact: written.exact,
      });
      focus(written.mark.id, { to: 'card' });
      announce(t(isNote(written.mark) ? 'done.noted' : 'done.commented'));
    },
    [add, focus, t],
  );
  const cancelDraft = useCallback(() => {
    setDraft(undefined);
    focus(undefined, { to: 'page' });
  }, [focus]);

  const moved = useCallback(
    (id: string, page: number, rect: Rect) => {
      const mark = now.current.marks.find((other) => other.id === id);
      if (!mark) return;
      const box = [...rect];
      act.change(mark, { parts: [{ page, rect: box }], edition_id: editionId }, [
        { page, start: null, end: null, quads: [], rect: box, paths: [] },
      ]);
      announce(t('done.moved'));
    },
    [act, editionId, t],
  );

  const events = useMemo<PdfEvents>(
    () => ({
      onView: (view) => {
        feed.tellView(view);
        setLayout(view.layout);
      },
      onScroll: feed.tellScroll,
      onSelect: (selected) => {
        // While the pointer is down nothing is to be chosen from.
        setSelection(selected?.done ? selected : null);
        if (selected) setHovered(undefined);
      },
      onDraw: drawn,
      onToolEnd: () => setTool('select'),
      onMarkClick: (ids) => {
        setFocused((before) => {
          // Marks that lie over each other come to the front one after the other.
          const at = before ? ids.indexOf(before) : -1;
          return ids[(at + 1) % ids.length];
        });
        setWish(({ count }) => ({ count: count + 1, to: 'none' }));
      },
      onMarkHover: (ids) => setHovered(ids[0]),
      onMarkMove: moved,
    }),
    [drawn, feed, moved],
  );

  const makeViewMarks = useMemo(viewMarkMaker, []);
  const viewMarks = useMemo(
    () =>
      placed.flatMap((mark) =>
        makeViewMarks(mark, {
          active: mark.id === focused || mark.id === hovered,
          faded: mark.resolved_at !== null && mark.id !== focused,
          movable: mark.author.id === myId && ['area', 'note', 'text'].includes(mark.kind),
          label: labelOf(mark, t, names),
        }),
      ),
    [placed, focused, hovered, makeViewMarks, myId, t, names],
  );

  // From the address: shown once the marks are there.
  const arrived = useRef<string>(undefined);
  const there = first !== undefined && marks.some(({ id }) => id === first);
  useEffect(() => {
    if (!there || arrived.current === first) return;
    arrived.current = first;
    focus(first, { to: 'none' });
  }, [there, first, focus]);
  useEffect(() => {
    if (first && list.data && !there && arrived.current !== first) {
      arrived.current = first;
      toast(t('gone'));
    }
  }, [first, there, list.data, t]);

  // A change without a text that was refused needs no decision, only a word.
  useEffect(() => {
    const light = mine.filter((change) => isStuck(change) && change.op.do !== 'make' && textOf(change) === undefined);
    const problem = light[0]?.problem;
    if (!problem || globalThis.document.visibilityState === 'hidden') return;
    toastReason(new ApiError(problem), (reason) => t('refused.light', { reason }));
    changes.discard(light.map(({ id }) => id));
  }, [mine, changes, t]);

  const { refetch } = list;
  const value: Discussion = {
    documentId,
    libraryId,
    me,
    role,
    mayShare,
    mayJoin,
    members,
    names,
    defaultPrivate,
    loading: list.isPending,
    error: list.data ? undefined : list.error,
    retry: () => void refetch(),
    marks,
    notes,
    placed,
    homeless,
    counts,
    filter,
    setFilter,
    unsaved,
    focused,
    focus,
    wish,
    hovered,
    hover: setHovered,
    editing,
    edit: setEditing,
    tool,
    setTool,
    selection,
    clearSelection,
    draft,
    markSelection,
    writeNote,
    submitDraft,
    cancelDraft,
    act,
    news,
    feed,
    layout,
    handle,
    viewMarks,
    events,
  };
  return <Context value={value}>{children}</Context>;
}

const noMembers: readonly Member[] = [];
const noEdition = { id: '', parsed_at: null };

function draftChange(draft: Draft, documentId: string, libraryId: string) {
  return {
    id: draft.mark.id,
    documentId,
    libraryId,
    markId: draft.mark.id,
    at: new Date().toISOString(),
    order: 0,
    op: { do: 'make', mark: draft.mark, parts: draft.parts, exact: draft.exact } as const,
  };
}

type Translate = ReturnType<typeof useTranslation<'annotation'>>['t'];

/** "Highlight by Ada, page 3: …", for people who do not see it. */
export function labelOf(mark: Annotation, t: Translate, names: MeaningNames): string {
  const kind: MarkKind = mark.kind;
  const text = shortened(plainText(mark.body) || mark.anchor.exact);
  const page = mark.anchor.parts[0]?.page;
  if (isNote(mark)) return text ? `${t('note.by', { name: mark.author.name })}: ${text}` : t('note.by', { name: mark.author.name });
  const words = t('label', { kind: t(`kind.${kind}`), name: mark.author.name, meaning: names[mark.meaning] });
  const where = page === undefined ? words : t('labelOnPage', { words, page });
  return text ? `${where}: ${text}` : where;
}

function shortened(text: string, most = 120): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.length <= most ? one : `${one.slice(0, most)}…`;
}
