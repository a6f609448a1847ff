import { ActionIcon, Switch, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, ChevronDown, ChevronUp, Pause, Play, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueue, useUploadContext } from './context';
import { rememberFolders } from './folders';
import { ProgressRing } from './ProgressRing';
import { isSettled, mayPause, type Item, type Queue } from './queue';
import { totals, trayRows, type Totals, type TrayRows } from './totals';
import { UploadRow } from './UploadRow';
import classes from './UploadTray.module.css';
import { useSpokenTotals } from './useSpokenTotals';
import { amount, amounts, duration } from './words';

const ROOM = { moving: 5, attention: 3 };
const ROOM_ON_PHONE = { moving: 2, attention: 2 };
/** How long "Resumed 14 uploads" stands. */
const GREETING_MS = 8000;

/**
 * The list of uploads, bottom right over everything: the total first, then what
 * moves, then what needs a person, then one line for the rest. Shows nothing
 * while there is nothing to show.
 */
export function UploadTray() {
  const { t } = useTranslation('ingest');
  const { view, setView } = useUploadContext();
  const queue = useQueue();
  const sum = useMemo(() => totals(queue), [queue]);
  useSpokenTotals(sum, queue.resumed);
  useGreetingEnd(queue.resumed);

  if (queue.items.length === 0 || view === 'closed') return null;
  if (view === 'pill') {
    return (
      <UnstyledButton
        className={classes.pill}
        aria-label={t('tray.open', { done: sum.done, count: sum.count })}
        onClick={() => setView('open')}
      >
        <ProgressRing totals={sum} />
        {t('tray.pill', { done: sum.done, count: sum.count })}
        <ChevronUp size={15} strokeWidth={1.75} aria-hidden />
      </UnstyledButton>
    );
  }
  return <OpenTray queue={queue} sum={sum} />;
}

function OpenTray({ queue, sum }: { queue: Queue; sum: Totals }) {
  const { t } = useTranslation('ingest');
  const [all, setAll] = useState(false);
  const phone = useMediaQuery('(max-width: 640px)') ?? false;
  const rows = useMemo(() => trayRows(queue.items, phone ? ROOM_ON_PHONE : ROOM), [queue.items, phone]);

  return (
    <section className={classes.tray} aria-label={t('tray.label')}>
      <Header queue={queue} sum={sum} />
      {queue.signedOut && (
        <p className={classes.notice} data-kind="warn">
          {t('tray.signedOut')}
        </p>
      )}
      {sum.unkept > 0 && (
        <p className={classes.notice} data-kind="warn">
          {t('tray.unkept', { count: sum.unkept })}
        </p>
      )}
      <Folders items={queue.items} />
      {all ? (
        <AllRows items={queue.items} phone={phone} />
      ) : (
        <ul className={classes.rows}>
          {[...rows.moving, ...rows.attention].map((item) => (
            <li key={item.id}>
              <UploadRow item={item} />
            </li>
          ))}
        </ul>
      )}
      <footer className={classes.footer}>
        <span className={classes.rest}>
          {sum.done > 0 && <Check className={classes.ok} size={15} strokeWidth={1.75} aria-hidden />}
          <Rest rest={rows.rest} />
        </span>
        <UnstyledButton className={classes.all} aria-expanded={all} onClick={() => setAll(!all)}>
          {t(all ? 'tray.showLess' : 'tray.showAll')}
          {all ? <ChevronDown size={14} aria-hidden /> : <ChevronUp size={14} aria-hidden />}
        </UnstyledButton>
      </footer>
    </section>
  );
}

/** A switch, where files came in folders: these become collections, also those of files that are through. */
function Folders({ items }: { items: readonly Item[] }) {
  const { t } = useTranslation('ingest');
  const { order } = useUploadContext();
  const inFolders = items.filter((item) => item.path && item.forDocumentId === undefined);
  if (inFolders.length === 0) return null;
  const done = inFolders.every((item) => item.collect === 'done');
  return (
    <div className={classes.folders}>
      <Switch
        size="xs"
        label={t(done ? 'tray.foldersAre' : 'tray.folders')}
        checked={inFolders.every((item) => item.collect !== undefined)}
        disabled={done}
        onChange={({ currentTarget: { checked } }) => {
          rememberFolders(checked);
          order({ do: 'collect', ids: inFolders.map(({ id }) => id), on: checked });
        }}
      />
    </div>
  );
}

function Header({ queue, sum }: { queue: Queue; sum: Totals }) {
  const { t } = useTranslation('ingest');
  const { order, setView } = useUploadContext();
  const pausable = queue.items.filter(mayPause).map((item) => item.id);
  const paused = queue.items.filter((item) => item.state === 'paused').map((item) => item.id);

  const close = () => {
    setView('closed');
    // What may be tried again stays in reach of the Upload button.
    const ids = queue.items.filter((item) => isSettled(item) && item.problem?.action !== 'retry').map((item) => item.id);
    order({ do: 'remove', ids });
  };

  return (
    <header className={classes.header}>
      <div className={classes.titleLine}>
        <h2 className={classes.title}>
          <Title sum={sum} />
        </h2>
        {pausable.length > 0 ? (
          <ActionIcon size={28} aria-label={t('tray.pauseAll')} onClick={() => order({ do: 'pause', ids: pausable })}>
            <Pause size={16} strokeWidth={1.75} />
          </ActionIcon>
        ) : (
          paused.length > 0 && (
            <ActionIcon size={28} aria-label={t('tray.continueAll')} onClick={() => order({ do: 'continue', ids: paused })}>
              <Play size={16} strokeWidth={1.75} />
            </ActionIcon>
          )
        )}
        {sum.settled ? (
          <ActionIcon size={28} aria-label={t('tray.close')} onClick={close}>
            <X size={16} strokeWidth={1.75} />
          </ActionIcon>
        ) : (
          <ActionIcon size={28} aria-label={t('tray.collapse')} onClick={() => setView('pill')}>
            <ChevronDown size={16} strokeWidth={1.75} />
          </ActionIcon>
        )}
      </div>
      {sum.bytes > 0 && (
        <div
          className={classes.bar}
          role="progressbar"
          aria-label={t('tray.bar')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(sum.share * 100)}
          style={{ '--share': sum.share } as CSSProperties}
        />
      )}
      <div className={classes.figures}>
        <span>{queue.resumed > 0 ? t('tray.resumed', { count: queue.resumed }) : <Amounts sum={sum} />}</span>
        {sum.left !== null && sum.left > 0 && (
          <span>{t('left.total', { time: duration(sum.left) })}</span>
        )}
      </div>
    </header>
  );
}

function Title({ sum }: { sum: Totals }) {
  const { t } = useTranslation('ingest');
  if (sum.settled && sum.done === sum.count) return t('tray.titleAll', { count: sum.count });
  if (sum.settled && sum.done === 0) return t('tray.titleNone');
  return t('tray.title', { done: sum.done, count: sum.count });
}

function Amounts({ sum }: { sum: Totals }) {
  const { t } = useTranslation('ingest');
  if (sum.bytes === 0) return null;
  if (sum.settled) return amount(sum.bytes);
  const pair = amounts(sum.sent, sum.bytes);
  return sum.rate >= 1000 ? t('tray.amountSpeed', { ...pair, speed: amount(sum.rate) }) : t('tray.amount', pair);
}

function Rest({ rest }: { rest: TrayRows['rest'] }) {
  const { t } = useTranslation('ingest');
  const parts: string[] = [];
  if (rest.done > 0) parts.push(t('rest.done', { n: rest.done }));
  if (rest.waiting > 0) parts.push(t('rest.waiting', { n: rest.waiting }));
  if (rest.paused > 0) parts.push(t('rest.paused', { n: rest.paused }));
  if (rest.attention > 0) parts.push(t('rest.attention', { count: rest.attention }));
  return parts.join(', ');
}

/** Every upload, in the order they were added; only those in sight are drawn. */
function AllRows({ items, phone }: { items: readonly Item[]; phone: boolean }) {
  const { t } = useTranslation('ingest');
  const scroller = useRef<HTMLDivElement>(null);
  const height = phone ? 60 : 54;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 6,
  });
  return (
    // Focusable, so that it scrolls by keyboard also where no row has a button.
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="group" aria-label={t('tray.all')}>
      <ul className={classes.rows} style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index];
          return item ? (
            <li
              key={row.key}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
              className={classes.placed}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <UploadRow item={item} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function useGreetingEnd(resumed: number) {
  const { order } = useUploadContext();
  useEffect(() => {
    if (resumed === 0) return undefined;
    const timer = setTimeout(() => order({ do: 'greet' }), GREETING_MS);
    return () => clearTimeout(timer);
  }, [resumed, order]);
}
