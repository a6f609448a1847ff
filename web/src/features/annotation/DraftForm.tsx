import { Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Card.module.css';
import { useDiscussion, type Draft } from './Discussion';
import { Editor } from './Editor';
import { isNote, joinNote } from './note';
import { NoteTitle, useNoteTitle } from './NoteTitle';
import { Swatches } from './Swatches';

/** A comment on a new mark, before there is one. */
export function DraftForm({ draft }: { draft: Draft }) {
  const note = isNote(draft.mark);
  const { t } = useTranslation('annotation');
  const { names, members, mayShare, mayJoin, submitDraft, cancelDraft, documentId } = useDiscussion();
  const [meaning, setMeaning] = useState(draft.mark.meaning);
  const [secret, setSecret] = useState(draft.mark.private);
  const title = useNoteTitle(`new/${documentId}`, '');
  const people = secret ? [] : members.map(({ person_id: id, name }) => ({ id, name }));
  return (
    <div className={classes.draft}>
      {draft.exact ? <blockquote className={classes.quoteShort}>{draft.exact}</blockquote> : null}
      <Editor
        draftKey={`${note ? 'note' : 'new'}/${documentId}`}
        body=""
        label={t(note ? 'note.text' : 'editor.comment')}
        placeholder={note ? t('note.placeholder') : secret ? t('editor.placeholderPrivate') : t('editor.placeholder')}
        submit={t(note ? 'note.save' : 'editor.comment')}
        people={people}
        open
        autoFocus
        long={note}
        above={note ? <NoteTitle {...title} /> : null}
        mayBeEmpty={note ? title.value.trim() !== '' : draft.mark.kind !== 'text'}
        onSubmit={(body) => {
          title.forget();
          submitDraft(note ? joinNote(title.value, body) : body, meaning, secret);
        }}
        onCancel={() => {
          title.forget();
          cancelDraft();
        }}
        choices={
          <div className={classes.draftRow}>
            {note ? null : <Swatches value={meaning} names={names} small onChoose={setMeaning} />}
            <span className={classes.space} />
            {mayJoin ? (
              <button type="button" className={classes.secret} aria-pressed={secret} onClick={() => setSecret(!secret)}>
                {secret ? <Lock size={14} strokeWidth={1.75} aria-hidden /> : <LockOpen size={14} strokeWidth={1.75} aria-hidden />}
                {t(secret ? 'card.onlyYou' : 'card.shared')}
              </button>
            ) : mayShare ? null : (
              <span className={classes.time}>
                <Lock size={13} strokeWidth={1.75} aria-hidden />
                {t('card.onlyYou')}
              </span>
            )}
          </div>
        }
      />
    </div>
  );
}
