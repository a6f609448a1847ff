import { Button } from '@mantine/core';
import { NotebookPen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../../lib/api';
import { Keys } from '../../ui/Keys';
import { Card } from './Card';
import { useDiscussion } from './Discussion';
import classes from './Rail.module.css';

interface Props {
  onHistory: (mark: Annotation) => void;
  /** Beside the pages they take a part of the column and scroll by themselves. */
  inRail?: boolean;
}

/** Notes on the whole document, above all that stands on its pages. */
export function Notes({ onHistory, inRail = false }: Props) {
  const { t } = useTranslation('annotation');
  const { notes, focused, hovered, unsaved, draft, writeNote } = useDiscussion();
  const writing = notes.some(({ id }) => id === draft?.mark.id);
  return (
    <section className={classes.notes} data-rail={inRail || undefined} aria-label={t('note.heading')}>
      <header className={classes.notesHead}>
        {inRail ? <h2 className={classes.notesTitle}>{t('note.heading')}</h2> : null}
        {writing ? null : (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<NotebookPen size={14} strokeWidth={1.75} aria-hidden />}
            rightSection={<Keys keys="N" />}
            aria-keyshortcuts="N"
            onClick={writeNote}
          >
            {t('note.add')}
          </Button>
        )}
      </header>
      {notes.length > 0 ? (
        <div role="list" className={classes.notesList} tabIndex={inRail ? 0 : undefined} aria-label={t('note.heading')}>
          {notes.map((mark) => (
            <div key={mark.id} role="listitem">
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
      ) : null}
    </section>
  );
}
