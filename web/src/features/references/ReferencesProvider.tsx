/** The list of references of the file that is read, its citations on the pages, and which of them is looked at. */
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { quadOf } from '../../anchoring/quads';
import type { Edition } from '../../lib/api';
import type { PageText, PdfEvents, PdfHandle, Quad, Rect, View, ViewMark } from '../../pdfview/types';
import { referencesQuery, type Reference } from './api';
import { citationMarks, citationsByPage, isCitation, quadsOf, type Citation } from './citations';
import { entryOf } from './entry';

/** In ms: until a popup comes under a resting pointer, until it goes, and how long a place is shown. */
const comesAfter = 180;
const goesAfter = 280;
const shownFor = 2600;

interface Looked {
  readonly citation: Citation;
  /** Chosen, not only passed over: it stays until it is sent away. */
  readonly pinned: boolean;
  /** It came by keys, and the focus goes with it. */
  readonly byKeys: boolean;
}

interface References {
  /** Undefined until they are known. */
  readonly list: readonly Reference[] | undefined;
  readonly error: Error | null;
  /** They are on their way. */
  readonly loading: boolean;
  /** The file has not been read yet, but will be. */
  readonly mayCome: boolean;
  readonly marks: readonly ViewMark[];
  readonly events: Pick<PdfEvents, 'onView' | 'onMarkHover' | 'onMarkClick'>;
  readonly looked: Looked | undefined;
  /** The mark of what is looked at. */
  readonly lookedMark: ViewMark | undefined;
  /** Calls back with every frame in which the pages move, so that nothing is drawn anew for it; gives a way to stop. */
  readonly onMove: (listener: () => void) => () => void;
  /** The pointer is over the popup, or has left it. */
  readonly hold: (over: boolean) => void;
  readonly close: () => void;
  /** An entry that the list is to show. */
  readonly wanted: { readonly index: number; readonly count: number } | undefined;
  readonly want: (index: number) => void;
  /** Goes to where an entry is printed, or to where it is cited on a page, and shows the lines for a moment. */
  readonly showPrinted: (reference: Reference, jump: Jump) => void;
  readonly showCited: (reference: Reference, page: number, jump: Jump) => void;
}

type Jump = (go: (pdf: PdfHandle) => void) => void;

const Context = createContext<References | undefined>(undefined);

export function useReferences(): References {
  const references = use(Context);
  if (!references) throw new Error('useReferences is used outside of ReferencesProvider');
  return references;
}

interface Props {
  documentId: string;
  edition: Edition;
  /** The words of a page; undefined until they are known. */
  words: ((page: number) => Promise<PageText | null>) | undefined;
  children: ReactNode;
}

export function ReferencesProvider({ documentId, edition, words, children }: Props) {
  const { t } = useTranslation('references');
  const { data: list, error, isLoading: loading } = useQuery(referencesQuery(documentId, edition));
  const byPage = useMemo(() => citationsByPage(list ?? []), [list]);

  const label = useCallback(
    (citation: Citation) => {
      const works = citation.references.map((index) => {
        const reference = list?.[index];
        const entry = reference && entryOf(reference, (count) => t('more', { count }));
        return entry ? [entry.authors.split(',')[0], entry.year].filter(Boolean).join(' ') : t('number', { n: index + 1 });
      });
      return t('citation', { works: works.slice(0, 3).join('; ') });
    },
    [list, t],
  );

  const { pages, onView, onMove } = useVisiblePages();
  const still = usePageMarks(byPage, pages, words, label);

  const { looked, look, pass, hold, close } = useLooked();
  const lookedMark = useMemo(() => still.find(({ id }) => id === looked?.citation.id), [still, looked]);
  const { flashed, flash } = useFlash();
  const marks = useMemo(
    () => [...flashed, ...still.map((mark) => (mark === lookedMark ? { ...mark, active: true } : mark))],
    [flashed, still, lookedMark],
  );

  const find = useCallback(
    (ids: readonly string[]) => {
      const id = ids.find(isCitation);
      if (!id) return undefined;
      const page = Number(id.split(':')[1]);
      return byPage.get(page)?.find((citation) => citation.id === id);
    },
    [byPage],
  );
  const events = useMemo<References['events']>(
    () => ({
      onView,
      onMarkHover: (ids) => pass(find(ids)),
      onMarkClick: (ids) => {
        const citation = find(ids);
        const byKeys = document.activeElement?.matches('.pdfMarkButtons > button') ?? false;
        if (citation) look({ citation, pinned: true, byKeys });
      },
    }),
    [onView, pass, look, find],
  );

  const [wanted, setWanted] = useState<References['wanted']>();
  const want = useCallback((index: number) => setWanted((before) => ({ index, count: (before?.count ?? 0) + 1 })), []);
  const showPrinted = useCallback(
    ({ page, boxes }: Reference, jump: Jump) => {
      close();
      const quads = boxes.flatMap(([x0, y0, x1, y1]): Quad[] =>
        x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined ? [] : [quadOf([x0, y0, x1, y1] as Rect)],
      );
      const top = boxes[0];
      jump((pdf) => pdf.goToPage(page, top?.[0] === undefined || top[3] === undefined ? undefined : { x: top[0], y: top[3] }));
      flash(page, quads);
    },
    [close, flash],
  );
  const showCited = useCallback(
    (reference: Reference, page: number, jump: Jump) => {
      close();
      void (async () => {
        const text = await words?.(page);
        const quads = text ? reference.cited.filter((one) => one.page === page).flatMap((one) => quadsOf(text, one)) : [];
        const first = quads[0];
        jump((pdf) => pdf.goToPage(page, first && { x: first[0], y: first[1] }));
        flash(page, quads);
      })();
    },
    [close, flash, words],
  );

  const value = useMemo<References>(
    () => ({
      list,
      error,
      loading,
      mayCome: edition.state !== 'ready' && edition.state !== 'failed',
      marks,
      events,
      looked,
      lookedMark,
      onMove,
      hold,
      close,
      wanted,
      want,
      showPrinted,
      showCited,
    }),
    [list, error, loading, edition.state, marks, events, looked, lookedMark, onMove, hold, close, wanted, want, showPrinted, showCited],
  );
  return <Context value={value}>{children}</Context>;
}

/** The pages in the window, and when they moved. */
function useVisiblePages() {
  const [pages, setPages] = useState<readonly number[]>([]);
  const listeners = useRef(new Set<() => void>());
  const onView = useCallback((view: View) => {
    const now = view.visible.map(({ page }) => page);
    setPages((before) => (before.length === now.length && before.every((page, i) => page === now[i]) ? before : now));
    for (const listener of [...listeners.current]) listener();
  }, []);
  const onMove = useCallback((listener: () => void) => {
    const all = listeners.current;
    all.add(listener);
    return () => void all.delete(listener);
  }, []);
  return { pages, onView, onMove };
}

/** The marks of the pages that were in the window. Their words are asked for only then. */
function usePageMarks(
  byPage: ReadonlyMap<number, readonly Citation[]>,
  pages: readonly number[],
  words: Props['words'],
  label: (citation: Citation) => string,
): readonly ViewMark[] {
  const [made, setMade] = useState<{ of: unknown; marks: ReadonlyMap<number, readonly ViewMark[]> }>({ of: byPage, marks: new Map() });
  const marks = made.of === byPage ? made.marks : undefined;
  useEffect(() => {
    if (!words) return undefined;
    let gone = false;
    for (const page of pages) {
      const citations = byPage.get(page);
      if (!citations || marks?.has(page)) continue;
      void words(page).then((text) => {
        if (gone || !text) return;
        setMade((before) => ({
          of: byPage,
          marks: new Map(before.of === byPage ? before.marks : []).set(page, citationMarks(text, citations, label)),
        }));
      });
    }
    return () => {
      gone = true;
    };
  }, [byPage, pages, words, label, marks]);
  return useMemo(() => [...(marks?.values() ?? [])].flat(), [marks]);
}

/** Which citation is looked at: a pointer that rests on one, or somebody who chose it. */
function useLooked() {
  const [looked, setLooked] = useState<Looked>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = useCallback((ms: number, run: () => void) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(run, ms);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const look = useCallback((next: Looked | undefined) => {
    clearTimeout(timer.current);
    setLooked(next);
  }, []);
  const leave = useCallback(() => later(goesAfter, () => setLooked((now) => (now?.pinned ? now : undefined))), [later]);
  const pass = useCallback(
    (citation: Citation | undefined) => {
      if (!citation) leave();
      else
        later(comesAfter, () =>
          setLooked((now) => (now?.pinned || now?.citation === citation ? now : { citation, pinned: false, byKeys: false })),
        );
    },
    [later, leave],
  );
  const hold = useCallback((over: boolean) => (over ? clearTimeout(timer.current) : leave()), [leave]);
  const close = useCallback(() => look(undefined), [look]);
  return { looked, look, pass, hold, close };
}

/** Lines that are shown for a moment. */
function useFlash() {
  const [flashed, setFlashed] = useState<readonly ViewMark[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const flash = useCallback((page: number, quads: readonly Quad[]) => {
    clearTimeout(timer.current);
    setFlashed(quads.length > 0 ? [{ id: 'shown', page, shape: 'passage', quads, tone: 'hit', label: '' }] : []);
    timer.current = setTimeout(() => setFlashed([]), shownFor);
  }, []);
  return { flashed, flash };
}
