import { ActionIcon, Button } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../../lib/api';
import { Card } from './Card';
import { useDiscussion } from './Discussion';
import { HistoryDialog } from './HistoryDialog';
import { NewsBar } from './NewsBar';
import classes from './SheetThread.module.css';

/** One thread at a time, with arrows to the next: for a narrow window. */
export function SheetThread() {
  const { t } = useTranslation('annotation');
  const { notes, placed, homeless, focused, focus, unsaved, draft, marks, writeNote } = useDiscussion();
  const [historyOf, setHistoryOf] = useState<Annotation>();
  const onHistory = useCallback((mark: Annotation) => setHistoryOf(mark), []);
  const all = [...notes, ...placed, ...homeless];
  const wanted = draft?.mark.id ?? focused;
  const at = all.findIndex(({ id }) => id === wanted);
  const mark = all[at];
  const go = (to: number) => focus(all[to]?.id, { show: true });
  return (
    <div className={classes.sheet}>
      {mark?.anchor.exact ? <blockquote className={classes.quote}>{mark.anchor.exact}</blockquote> : null}
      <div className={classes.row}>
        <ActionIcon
          size={44}
          aria-label={t('sheet.previous')}
          disabled={all.length === 0 || at === 0}
          onClick={() => go(at < 0 ? all.length - 1 : at - 1)}
        >
          <ChevronLeft size={20} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
        <span className={classes.at} role="status">
          {all.length === 0 ? '' : at < 0 ? String(all.length) : t('sheet.at', { at: at + 1, total: all.length })}
        </span>
        <ActionIcon
          size={44}
          aria-label={t('sheet.next')}
          disabled={all.length === 0 || at === all.length - 1}
          onClick={() => go(at + 1)}
        >
          <ChevronRight size={20} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.body} tabIndex={0} role="group" aria-label={t('panel')}>
        {mark ? (
          <Card key={mark.id} mark={mark} focused hovered={false} unsaved={unsaved.get(mark.id)} onHistory={onHistory} />
        ) : (
          <>
            <p className={classes.none}>{t(marks.length === 0 ? 'empty.text' : 'sheet.none')}</p>
            <p className={classes.none}>
              <Button variant="default" onClick={writeNote}>
                {t('note.add')}
              </Button>
            </p>
          </>
        )}
      </div>
      <NewsBar />
      {historyOf ? <HistoryDialog mark={historyOf} onClose={() => setHistoryOf(undefined)} /> : null}
    </div>
  );
}
