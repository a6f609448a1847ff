import { useTranslation } from 'react-i18next';
import { useDraft } from './draft';
import classes from './Editor.module.css';

/** A note's title while it is written: kept like its text. */
export function useNoteTitle(draftKey: string, first: string) {
  const { typed, change, forget } = useDraft(`title/${draftKey}`, { text: first, people: noPeople });
  return {
    value: typed.text,
    onChange: (text: string) => change({ text, people: noPeople }),
    forget: () => forget({ text: first, people: noPeople }),
  };
}

const noPeople: ReadonlyMap<string, string> = new Map();

export function NoteTitle({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('annotation');
  return (
    <input
      className={classes.title}
      value={value}
      maxLength={200}
      aria-label={t('note.title')}
      placeholder={t('note.titlePlaceholder')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
