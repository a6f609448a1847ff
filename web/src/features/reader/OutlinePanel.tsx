import { useTranslation } from 'react-i18next';
import type { OutlineEntry } from '../../pdfview/types';
import classes from './LeftPanel.module.css';

interface Props {
  entries: readonly OutlineEntry[] | undefined;
  /** They are headings found in the text. */
  found: boolean;
  /** An outline may still be found when the file has been parsed. */
  mayCome: boolean;
  page: number;
  onChoose: (entry: OutlineEntry) => void;
}

export function OutlinePanel({ entries, found, mayCome, page, onChoose }: Props) {
  const { t } = useTranslation('reader');
  if (!entries) return null;
  if (entries.length === 0) {
    return <p className={classes.empty}>{t(mayCome ? 'panel.outlineLater' : 'panel.noOutline')}</p>;
  }
  const current = currentEntry(entries, page);
  return (
    <nav className={classes.scroll} aria-label={t('panel.outline')}>
      {found && <p className={classes.found}>{t('panel.outlineFound')}</p>}
      <ol className={classes.entries}>
        {entries.map((entry, index) => (
          <li key={index}>
            <button
              type="button"
              className={classes.entry}
              style={{ paddingLeft: 8 + 14 * Math.min(6, entry.level) }}
              disabled={entry.page === null}
              aria-current={index === current ? 'location' : undefined}
              onClick={() => onChoose(entry)}
            >
              <span className={classes.entryTitle}>{entry.title}</span>
              <span className={classes.entryPage}>{entry.page}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The last entry that begins on this page or before it. */
export function currentEntry(entries: readonly OutlineEntry[], page: number): number {
  let current = -1;
  entries.forEach((entry, index) => {
    if (entry.page === null || entry.page > page) return;
    // Of several on one page the first is where reading it begins.
    if (current >= 0 && entries[current]?.page === entry.page) return;
    current = index;
  });
  return current;
}
