import { Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Annotation } from '../../lib/api';
import { ApiError, sentence } from '../../lib/problem';
import { toast } from '../../ui/toast';
import { Body } from './Body';
import classes from './Card.module.css';
import { isStuck, textOf, type Change, type Op } from './changes';
import { useDiscussion } from './Discussion';

/** Changes of a mark that wait for a person's word; no text is lost on the way. */
export function Stuck({ mark, changes }: { mark: Annotation; changes: readonly Change[] | undefined }) {
  const stuck = changes?.filter((change) => isStuck(change) && textOf(change) !== undefined) ?? [];
  return stuck.map((change) =>
    change.state === 'stale' ? (
      <Stale key={change.id} mark={mark} change={change} />
    ) : (
      <Refused key={change.id} change={change} />
    ),
  );
}

function Stale({ mark, change }: { mark: Annotation; change: Change }) {
  const { t } = useTranslation('annotation');
  const { act, me } = useDiscussion();
  const { op } = change;
  const current = change.current ?? mark;
  const replyId = op.do === 'edit-reply' ? op.replyId : null;
  const theirs = replyId ? current.replies.find(({ id }) => id === replyId) : current;
  const name = (replyId ? theirs?.author.name : current.author.name) ?? current.author.name;
  const author = (replyId ? theirs?.author.id : current.author.id) ?? null;
  // Only the author edits, so it was most likely oneself, elsewhere.
  const title = author === me.id ? t('stale.own') : t('stale.title', { name });
  const revision = theirs?.revision ?? mark.revision;
  const renewed: Op | undefined =
    op.do === 'edit'
      ? { ...op, edit: { ...op.edit, revision } }
      : op.do === 'edit-reply'
        ? { ...op, revision }
        : undefined;
  return (
    <div className={classes.stuck} role="group" aria-label={title}>
      <p className={classes.stuckTitle}>
        <TriangleAlert size={15} strokeWidth={1.75} aria-hidden />
        {title}
      </p>
      <p className={classes.stuckLabel}>{t('stale.theirs')}</p>
      <div className={classes.stuckText}>
        <Body text={theirs?.body || t('stale.empty')} />
      </div>
      <p className={classes.stuckLabel}>{t(author === me.id ? 'stale.here' : 'stale.mine')}</p>
      <div className={classes.stuckText}>
        <Body text={textOf(change) || t('stale.empty')} />
      </div>
      <div className={classes.stuckRow}>
        {renewed ? (
          <Button size="compact-sm" onClick={() => act.again(change.id, renewed)}>
            {t(author === me.id ? 'stale.useThis' : 'stale.useMine')}
          </Button>
        ) : null}
        <Button size="compact-sm" variant="default" onClick={() => act.discard([change.id])}>
          {t(author === me.id ? 'stale.keepOther' : 'stale.keepTheirs')}
        </Button>
        <CopyText text={textOf(change) ?? ''} />
      </div>
    </div>
  );
}

function Refused({ change }: { change: Change }) {
  const { t } = useTranslation('annotation');
  const { act } = useDiscussion();
  const text = textOf(change) ?? '';
  const reason = change.problem ? sentence(new ApiError(change.problem)) : '';
  const shownElsewhere = change.op.do === 'make' || change.op.do === 'reply';
  return (
    <div className={classes.stuck} role="group" aria-label={t('refused.title')}>
      <p className={classes.stuckTitle}>
        <TriangleAlert size={15} strokeWidth={1.75} aria-hidden />
        {t('refused.title')} {reason}
      </p>
      {shownElsewhere || text === '' ? null : (
        <div className={classes.stuckText}>
          <Body text={text} />
        </div>
      )}
      <div className={classes.stuckRow}>
        <Button size="compact-sm" onClick={() => act.again(change.id, change.op)}>
          {t('refused.again')}
        </Button>
        {text ? <CopyText text={text} /> : null}
        <Button size="compact-sm" variant="default" onClick={() => act.discard([change.id])}>
          {t('refused.discard')}
        </Button>
      </div>
    </div>
  );
}

function CopyText({ text }: { text: string }) {
  const { t } = useTranslation('annotation');
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => void navigator.clipboard.writeText(text).then(() => toast(t('done.copied')), () => undefined)}
    >
      {t('refused.copy')}
    </Button>
  );
}
