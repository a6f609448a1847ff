import { FolderOutput, FolderPlus, Hash, Merge, Quote, RotateCcw, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format';
import { Keys } from '../../ui/Keys';
import classes from './SelectionBar.module.css';

const icons = { cite: Quote, delete: Trash2, merge: Merge, restore: RotateCcw, tag: Hash, collect: FolderPlus, relocate: FolderOutput };

interface Props {
  count: number;
  onClear: () => void;
  children: ReactNode;
}

/** Floats over the list while something is selected. */
export function SelectionBar({ count, onClear, children }: Props) {
  const { t } = useTranslation('document');
  return (
    <>
      <span className="sr-only" role="status">
        {count > 0 ? t('bar.selected', { count, n: formatNumber(count) }) : ''}
      </span>
      {count > 0 ? (
        <div className={classes.bar} role="toolbar" aria-label={t('bar.label')}>
          <span className={`${classes.count} tabular`}>{t('bar.selected', { count, n: formatNumber(count) })}</span>
          <span className={classes.rule} />
          {children}
          <span className={classes.rule} />
          <button type="button" className={classes.action} data-quiet onClick={onClear}>
            {t('bar.clear')}
            <Keys keys="Esc" onBar />
          </button>
        </div>
      ) : null}
    </>
  );
}

interface ActionProps {
  icon: keyof typeof icons;
  keys?: string;
  onClick: () => void;
  children: ReactNode;
}

SelectionBar.Action = function Action({ icon, keys, onClick, children }: ActionProps) {
  const Icon = icons[icon];
  return (
    <button type="button" className={classes.action} onClick={onClick}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className={classes.word}>{children}</span>
      {keys ? <Keys keys={keys} onBar /> : null}
    </button>
  );
};
