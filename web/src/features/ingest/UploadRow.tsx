import { ActionIcon, UnstyledButton } from '@mantine/core';
import { ArrowUp, Check, CircleAlert, Clock, Files, Pause, Play, ShieldCheck, X, type LucideIcon } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useUploadContext } from './context';
import { secondsLeft } from './meter';
import { isWorking, mayPause, needsAttention, type Item, type ItemState } from './queue';
import classes from './UploadRow.module.css';
import { amount, amounts, duration, problemSentence } from './words';

const icons: Record<ItemState, LucideIcon> = {
  waiting: Clock,
  hashing: ShieldCheck,
  uploading: ArrowUp,
  checking: ShieldCheck,
  paused: Pause,
  done: Check,
  duplicate: Files,
  error: CircleAlert,
};

/** One file: what it is, how far it is, and what one can do about it. */
export function UploadRow({ item }: { item: Item }) {
  const { t } = useTranslation('ingest');
  const { openDocument } = useUploadContext();
  const Icon = icons[item.state];
  const { documentId } = item;
  const bar = item.state === 'uploading' || item.state === 'checking' || (item.state === 'paused' && item.sent > 0);
  const share = item.size === 0 ? 1 : item.sent / item.size;

  return (
    <div className={classes.row} data-state={item.state} data-upload={item.name}>
      <Icon className={classes.icon} size={16} strokeWidth={1.75} aria-label={t(`row.state.${item.state}`)} role="img" />
      <div className={classes.body}>
        {item.state === 'done' && documentId ? (
          <UnstyledButton className={classes.link} title={fullName(item)} onClick={() => openDocument(documentId)}>
            {item.name}
          </UnstyledButton>
        ) : (
          <span className={classes.name} title={fullName(item)}>
            {item.name}
          </span>
        )}
        <span className={classes.detail}>
          <Detail item={item} />
        </span>
        {bar && (
          <div
            className={classes.bar}
            role="progressbar"
            aria-label={t('row.bar', { name: item.name })}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.floor(share * 100)}
            style={{ '--share': share } as CSSProperties}
          />
        )}
      </div>
      <Actions item={item} />
    </div>
  );
}

const fullName = (item: Item) => (item.path ? `${item.path}/${item.name}` : item.name);

function Detail({ item }: { item: Item }) {
  const { t } = useTranslation('ingest');
  if (needsAttention(item)) return problemSentence(item);
  if (isWorking(item) && item.trouble) return t(`row.${item.trouble}`);
  const pair = amounts(item.sent, item.size);
  const total = amount(item.size);
  switch (item.state) {
    case 'uploading': {
      const left = secondsLeft(item.meter, item.size - item.sent);
      return left === null || left === 0
        ? t('row.amount', pair)
        : t('row.amountLeft', { ...pair, left: t('left.row', { time: duration(left) }) });
    }
    case 'paused':
      return item.sent > 0 ? t('row.pausedAt', pair) : t('row.paused', { total });
    case 'waiting':
    case 'done':
      return t(`row.${item.state}`, { total });
    default:
      return t(`row.${item.state}`);
  }
}

function Actions({ item }: { item: Item }) {
  const { t } = useTranslation('ingest');
  const { order, openDocument } = useUploadContext();
  const { name, problem, documentId } = item;
  const remove = () => order({ do: 'remove', ids: [item.id] });
  const retry = () => order({ do: 'continue', ids: [item.id] });

  if (problem) {
    const open = () => (documentId ? openDocument(documentId) : remove());
    const restore = () => order({ do: 'restore', id: item.id });
    const run = { open, restore, retry, remove }[problem.action];
    const label = t(`act.${problem.action}`);
    return (
      <div className={classes.actions}>
        <UnstyledButton className={classes.act} aria-label={t('act.for', { act: label, name })} onClick={run}>
          {label}
        </UnstyledButton>
        {problem.action !== 'remove' && <RemoveButton name={name} quiet onClick={remove} />}
      </div>
    );
  }
  if (item.state === 'done' || item.state === 'checking') return null;
  return (
    <div className={classes.actions}>
      {mayPause(item) ? (
        <ActionIcon
          className={classes.tool}
          size={28}
          aria-label={t('act.pause', { name })}
          onClick={() => order({ do: 'pause', ids: [item.id] })}
        >
          <Pause size={15} strokeWidth={1.75} />
        </ActionIcon>
      ) : (
        <ActionIcon className={classes.tool} size={28} aria-label={t('act.continue', { name })} onClick={retry}>
          <Play size={15} strokeWidth={1.75} />
        </ActionIcon>
      )}
      <RemoveButton name={name} onClick={remove} />
    </div>
  );
}

/** `quiet`: seen with the pointer or the focus on its row; the row's own button comes first. */
function RemoveButton({ name, quiet = false, onClick }: { name: string; quiet?: boolean; onClick: () => void }) {
  const { t } = useTranslation('ingest');
  return (
    <ActionIcon
      className={quiet ? `${classes.tool} ${classes.quiet}` : classes.tool}
      size={28}
      aria-label={t('act.removeRow', { name })}
      onClick={onClick}
    >
      <X size={15} strokeWidth={1.75} />
    </ActionIcon>
  );
}
