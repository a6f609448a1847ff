import { Button } from '@mantine/core';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../../lib/api';
import { sentence } from '../../lib/problem';
import { Card } from './Card';
import { useDiscussion, type Discussion } from './Discussion';
import { noFilter, countSet } from './filter';
import { HistoryDialog } from './HistoryDialog';
import { arrange, between, type CardBox } from './layout';
import { NewsBar } from './NewsBar';
import { Notes } from './Notes';
import { firstPart, topOf } from './order';
import classes from './Rail.module.css';

/** A card's height until it has been measured, in CSS pixels. */
const usual = 88;
/** How far above its line a card begins, so that its head stands beside the line. */
const lift = 14;
/** How far beyond the window cards are kept drawn. */
const beyond = 800;

interface Placed extends CardBox {
  readonly mark: Annotation;
}

/**
 * The cards beside their lines. The column is as long as the pages and scrolls
 * with them, so that every card stays at its place; only those near the window
 * are drawn.
 */
export function Rail() {
  const { t } = useTranslation('annotation');
  const discussion = useDiscussion();
  const { notes, placed, homeless, marks, draft, focused, hovered, unsaved, handle, feed, layout, filter, setFilter } = discussion;
  const rail = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const [measured, setMeasured] = useState(0);
  const [window_, setWindow] = useState({ top: 0, height: 900 });
  const [historyOf, setHistoryOf] = useState<Annotation>();
  const onHistory = useCallback((mark: Annotation) => setHistoryOf(mark), []);

  const boxes = useMemo(() => {
    const pdf = handle.current;
    if (!pdf) return [];
    const list: Placed[] = [];
    for (const mark of placed) {
      const part = firstPart(mark);
      if (!part) continue;
      const { x, y } = topOf(part);
      const at = pdf.offsetOf(part.page, y, x);
      if (at !== undefined) list.push({ id: mark.id, at: at - lift, height: heights.current.get(mark.id) ?? usual, mark });
    }
    return list.sort((a, b) => a.at - b.at);
    // `layout` and `measured` count up when offsets and heights are other ones.
  }, [placed, handle, layout, measured]);

  const active = draft?.mark.id ?? focused;
  // Without one that is looked at, the topmost card in the window keeps its place
  // when others come and go: nothing moves under a reader. Once the pages have moved
  // on, the cards return to their lines.
  const last = useRef<{ layout: number; top: number; at: ReadonlyMap<string, number> }>(undefined);
  const tops = useMemo(() => {
    const fixed = boxes.findIndex(({ id }) => id === active);
    if (fixed >= 0) {
      last.current = undefined;
      return arrange(boxes, fixed);
    }
    const before = last.current;
    const still = before?.layout === layout && before.top === window_.top;
    const seenFrom = scroller.current?.scrollTop ?? 0;
    const pinned = still ? boxes.findIndex(({ id }) => (before.at.get(id) ?? -1) >= seenFrom) : -1;
    const next = arrange(boxes, pinned, before?.at.get(boxes[pinned]?.id ?? ''));
    last.current = { layout, top: window_.top, at: new Map(boxes.map(({ id }, i) => [id, next[i] ?? 0])) };
    return next;
  }, [boxes, active, layout, window_.top]);

  const [from, to] = between(boxes, tops, window_.top - beyond, window_.top + window_.height + beyond);
  const drawn = new Set(boxes.slice(from, to).map(({ id }) => id));
  const at = new Map(boxes.map((box, i) => [box.id, tops[i] ?? 0]));
  if (active && at.has(active)) drawn.add(active);

  const foot = boxes.reduce((most, box, i) => Math.max(most, (tops[i] ?? 0) + box.height), 0);
  const total = Math.max(handle.current?.contentHeight ?? 0, foot + 16);

  // The column follows the pages, and the pages the column.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let told = Number.NaN;
    const look = () => {
      const pdf = handle.current;
      if (!pdf) return;
      const top = pdf.scrollTop;
      if (top !== told) {
        told = top;
        element.scrollTop = top;
      }
      setWindow((before) =>
        Math.abs(before.top - element.scrollTop) > beyond / 2 || before.height !== element.clientHeight
          ? { top: element.scrollTop, height: element.clientHeight }
          : before,
      );
    };
    const scrolled = () => {
      const pdf = handle.current;
      if (!pdf || Math.abs(element.scrollTop - pdf.scrollTop) < 1) return;
      // Beyond the end of the pages only the cards go on.
      const most = Math.max(0, pdf.contentHeight - pdf.viewportHeight);
      if (element.scrollTop <= most + 1) {
        told = element.scrollTop;
        pdf.scrollTo(element.scrollTop);
      }
      look();
    };
    look();
    element.addEventListener('scroll', scrolled, { passive: true });
    const sized = new ResizeObserver(look);
    sized.observe(element);
    const stop = feed.listen(look);
    return () => {
      stop();
      sized.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [feed, handle]);

  const observer = useHeights(heights, setMeasured);
  useFocusWish(discussion, rail);

  const list = (
    <>
      {discussion.error ? (
        <div className={classes.empty} role="alert">
          <p>{sentence(discussion.error)}</p>
          <Button variant="default" onClick={discussion.retry}>
            {t('retry')}
          </Button>
        </div>
      ) : discussion.loading ? null : marks.length === 0 ? (
        <div className={classes.empty}>
          <p>{t('empty.title')}</p>
          <p>{t('empty.text')}</p>
        </div>
      ) : notes.length === 0 && placed.length === 0 && homeless.length === 0 && countSet(filter) > 0 ? (
        <div className={classes.empty}>
          <p>{t('filter.none')}</p>
          <Button variant="default" onClick={() => setFilter(noFilter)}>
            {t('filter.clear')}
          </Button>
        </div>
      ) : null}
    </>
  );
  return (
    <div ref={rail} className={classes.rail}>
      <Notes onHistory={onHistory} inRail />
      <div ref={scroller} className={classes.scroll} tabIndex={-1} data-rail>
        <div className={classes.column} style={{ height: total }} role="list" aria-label={t('rail')}>
          {placed.map((mark, i) =>
            drawn.has(mark.id) ? (
              <div
                key={mark.id}
                ref={observer}
                role="listitem"
                aria-setsize={placed.length}
                aria-posinset={i + 1}
                data-id={mark.id}
                className={classes.place}
                data-active={mark.id === active || undefined}
                style={{ transform: `translateY(${at.get(mark.id) ?? 0}px)` }}
              >
                <Card
                  mark={mark}
                  focused={mark.id === focused}
                  hovered={mark.id === hovered}
                  unsaved={unsaved.get(mark.id)}
                  onHistory={onHistory}
                />
              </div>
            ) : null,
          )}
        </div>
        {list}
      </div>
      <Homeless marks={homeless} onHistory={onHistory} />
      <NewsBar />
      {historyOf ? <HistoryDialog mark={historyOf} onClose={() => setHistoryOf(undefined)} /> : null}
    </div>
  );
}

/** Watches the cards' heights; counts up when one has changed. */
function useHeights(heights: React.RefObject<Map<string, number>>, changed: (count: (n: number) => number) => void) {
  const watcher = useMemo(
    () =>
      new ResizeObserver((entries) => {
        let any = false;
        for (const { target, borderBoxSize } of entries) {
          const id = (target as HTMLElement).dataset.id;
          const height = Math.ceil(borderBoxSize[0]?.blockSize ?? 0);
          // A card that is taken out reports 0.
          if (!id || height === 0 || heights.current.get(id) === height) continue;
          heights.current.set(id, height);
          any = true;
        }
        if (any) changed((n) => n + 1);
      }),
    [heights, changed],
  );
  useEffect(() => () => watcher.disconnect(), [watcher]);
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      watcher.observe(element);
      return () => watcher.unobserve(element);
    },
    [watcher],
  );
}

/** Puts the keyboard's focus where the last action wished it. */
function useFocusWish({ wish, focused, handle }: Discussion, rail: React.RefObject<HTMLElement | null>) {
  const done = useRef(wish.count);
  useLayoutEffect(() => {
    if (done.current === wish.count) return;
    done.current = wish.count;
    if (wish.to === 'page') handle.current?.focus();
    if (wish.to !== 'card' || !focused) return;
    const card = rail.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(focused)}"]`);
    card?.focus({ preventScroll: true });
  }, [wish, focused, handle, rail]);
}

/** Marks without a place in this file: never hidden, never lost. */
function Homeless({ marks, onHistory }: { marks: readonly Annotation[]; onHistory: (mark: Annotation) => void }) {
  const { t } = useTranslation('annotation');
  const { focused, hovered, unsaved } = useDiscussion();
  if (marks.length === 0) return null;
  const waiting = marks.every((mark) => mark.anchor.status === 'pending');
  return (
    <details className={classes.homeless}>
      <summary>{t(waiting ? 'homeless.pending' : 'homeless.title', { count: marks.length })}</summary>
      <p className={classes.homelessText}>{t(waiting ? 'homeless.pendingText' : 'homeless.text')}</p>
      <div role="list" className={classes.homelessList}>
        {marks.map((mark) => (
          <div key={mark.id} role="listitem">
            {mark.anchor.exact && mark.id !== focused ? <blockquote className={classes.homelessQuote}>{mark.anchor.exact}</blockquote> : null}
            <Card
              mark={mark}
              focused={mark.id === focused}
              hovered={mark.id === hovered}
              unsaved={unsaved.get(mark.id)}
              onHistory={onHistory}
            />
          </div>
        ))}
      </div>
    </details>
  );
}

