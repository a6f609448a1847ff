import { Radio } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { formatAuthors, formatBytes, formatDate } from '../../lib/format';
import classes from './KeptChoice.module.css';

interface Props {
  documents: Document[];
  kept: string;
  onKept: (id: string) => void;
  /** Left out: all are shown, and none can be chosen. */
  disabled?: boolean;
}

/** Which of several documents goes on, and takes the files of the others. */
export function KeptChoice({ documents, kept, onKept, disabled }: Props) {
  const { t } = useTranslation('document');
  return (
    <Radio.Group value={kept} onChange={onKept} aria-label={t('merge.which')}>
      <div className={classes.list}>
        {documents.map((document) => (
          <Radio
            key={document.id}
            value={document.id}
            disabled={disabled ?? false}
            classNames={{ root: classes.row, body: classes.body, labelWrapper: classes.wide }}
            label={
              <span className={classes.text}>
                <span className={classes.title}>{document.title}</span>
                <span className={classes.facts}>
                  {[
                    formatAuthors(document.authors),
                    document.year,
                    document.doi,
                    document.edition ? `${document.edition.filename} (${formatBytes(document.edition.size)})` : t('merge.noFile'),
                    t('merge.added', { date: formatDate(document.added_at, 'numeric') }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
            }
          />
        ))}
      </div>
    </Radio.Group>
  );
}

/** The one that most would keep: with a file, and the first that came. */
export function likelyKept(documents: Document[]): string {
  const oldest = [...documents].sort((a, b) => a.added_at.localeCompare(b.added_at));
  return (oldest.find((document) => document.edition) ?? oldest[0])?.id ?? '';
}
