import { Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Card.module.css';
import { useDiscussion, type Draft } from './Discussion';
import { Editor } from './Editor';
import { Swatches } from './Swatches';

/** A comment on a new mark, before there is one. */
export function DraftForm({ draft }: { draft: Draft }) {
  const { t } = useTranslation('annotation');
  const { names, members, mayShare, mayJoin, submitDraft, cancelDraft, documentId } = useDiscussion();
  const [meaning, setMeaning] = useState(draft.mark.meaning);
  const [secret, setSecret] = useState(draft.mark.private);
  const people = secret ? [] : members.map(({ person_id: id, name }) => ({ id, name }));
  return (
    <div className={classes.draft}>
      {draft.exact ? <blockquote className={classes.quoteShort}>{draft.exact}</blockquote> : null}
      <Editor
        draftKey={`new/${documentId}`}
        body=""
        label={t('editor.comment')}
        placeholder={secret ? t('editor.placeholderPrivate') : t('editor.placeholder')}
        submit={t('editor.comment')}
        people={people}
        open
        autoFocus
        mayBeEmpty={draft.mark.kind !== 'text'}
        onSubmit={(body) => submitDraft(body, meaning, secret)}
        onCancel={cancelDraft}
        choices={
          <div className={classes.draftRow}>
            <Swatches value={meaning} names={names} small onChoose={setMeaning} />
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
