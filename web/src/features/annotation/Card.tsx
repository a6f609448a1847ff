import { ActionIcon, Menu } from '@mantine/core';
import {
  Check,
  CircleCheck,
  ChevronDown,
  Ellipsis,
  History,
  Link2,
  Lock,
  LockOpen,
  Pencil,
  RotateCcw,
  Trash2,
  UserRound,
} from 'lucide-react';
import { memo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Annotation, AnnotationPerson } from '../../lib/api';
import { isGuest } from '../../lib/guest';
import { formatAgo, formatMoment } from '../../lib/format';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { Body } from './Body';
import classes from './Card.module.css';
import type { Change } from './changes';
import { Chip } from './Chip';
import { useDiscussion, type Discussion } from './Discussion';
import { DraftForm } from './DraftForm';
import { Editor, type Mentionable } from './Editor';
import { MeaningItems } from './MeaningItems';
import { plainText } from './mentions';
import { isNote, joinNote, splitNote } from './note';
import { NoteTitle, useNoteTitle } from './NoteTitle';
import { isGuessed, isHomeless } from './order';
import { Reactions } from './Reactions';
import { Stuck } from './Stuck';
import { certainty } from './certainty';

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

interface Props {
  mark: Annotation;
  focused: boolean;
  hovered: boolean;
  unsaved: readonly Change[] | undefined;
  onHistory: (mark: Annotation) => void;
}

/** A mark with what is said about it: in short, or the whole thread when it is looked at. */
export const Card = memo(function Card({ mark, focused, hovered, unsaved, onHistory }: Props) {
  const { t } = useTranslation('annotation');
  const discussion = useDiscussion();
  const { names, focus, hover, draft, me } = discussion;
  const drafted = draft?.mark.id === mark.id;
  const guessed = isGuessed(mark);
  const shape = drafted ? 'draft' : focused ? 'whole' : mark.resolved_at ? 'resolved' : 'short';
  const open = () => {
    if (!focused) focus(mark.id, { show: true, to: 'card' });
  };
  return (
    <article
      className={classes.card}
      data-card={mark.id}
      data-shape={shape}
      data-focused={focused || undefined}
      data-hovered={(hovered && !focused) || undefined}
      data-guessed={guessed || undefined}
      data-pending={unsaved ? true : undefined}
      tabIndex={0}
      aria-label={isNote(mark) ? t('note.by', { name: mark.author.name }) : t('card.label', { name: mark.author.name, meaning: names[mark.meaning] })}
      aria-current={focused ? 'true' : undefined}
      onPointerEnter={() => hover(mark.id)}
      onPointerLeave={() => hover(undefined)}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('a, button, textarea, [role=listbox]')) open();
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          open();
        }
      }}
    >
      {drafted ? (
        <DraftForm draft={draft} />
      ) : focused ? (
        <Thread mark={mark} unsaved={unsaved} onHistory={onHistory} discussion={discussion} />
      ) : shape === 'resolved' ? (
        <ResolvedLine mark={mark} />
      ) : (
        <>
          <header className={classes.head}>
            <Person person={mark.author} size={22} />
            <Time at={mark.created_at} edited={mark.edited_at} secret={mark.private && mark.author.id === me.id} />
            <span className={classes.space} />
            {isNote(mark) ? null : <Chip meaning={mark.meaning} name={names[mark.meaning]} />}
          </header>
          <Short mark={mark} />
          <Answers mark={mark} />
          {guessed ? <Guess mark={mark} /> : null}
          <Stuck mark={mark} changes={unsaved} />
        </>
      )}
    </article>
  );
});

export function Person({ person, size }: { person: AnnotationPerson; size: number }) {
  return (
    <span className={classes.person}>
      <PersonAvatar id={person.id ?? person.name} name={person.name} size={size} decorative />
      <span className={classes.name}>{person.name}</span>
    </span>
  );
}

function Time({ at, edited, secret }: { at: string; edited: string | null; secret?: boolean }) {
  const { t } = useTranslation('annotation');
  if (secret) {
    return (
      <span className={classes.time}>
        <Lock size={13} strokeWidth={1.75} aria-hidden />
        {t('card.onlyYou')}
      </span>
    );
  }
  return (
    <time className={classes.time} dateTime={at} title={formatMoment(at)}>
      {edited ? t('card.edited', { at: formatAgo(at) }) : formatAgo(at)}
    </time>
  );
}

/** The text in a few lines; without one what was marked. */
function Short({ mark }: { mark: Annotation }) {
  const { t } = useTranslation('annotation');
  if (mark.body) {
    return (
      <div className={classes.short}>
        <Body text={mark.body} />
      </div>
    );
  }
  if (mark.anchor.exact && mark.anchor.parts.some((part) => part.start !== null)) {
    return <p className={classes.quoteShort}>{mark.anchor.exact}</p>;
  }
  return <p className={classes.noText}>{t(`kind.${mark.kind}`)}</p>;
}

function Answers({ mark }: { mark: Annotation }) {
  const { t } = useTranslation('annotation');
  const replies = mark.replies.filter((reply) => reply.deleted_at === null);
  const last = replies.at(-1);
  const people = [...new Map(replies.map((reply) => [reply.author.id ?? reply.author.name, reply.author])).values()];
  if (!last && mark.reactions.length === 0) return null;
  return (
    <p className={classes.answers}>
      {people.slice(0, 3).map((person) => (
        <PersonAvatar key={person.id ?? person.name} id={person.id ?? person.name} name={person.name} size={18} decorative />
      ))}
      {last ? t('card.replies', { count: replies.length, at: formatAgo(last.created_at) }) : null}
      {mark.reactions.map(({ emoji, people: who }) => (
        <span key={emoji} className={classes.tally}>
          {emoji} {who.length}
        </span>
      ))}
    </p>
  );
}

function ResolvedLine({ mark }: { mark: Annotation }) {
  const { t } = useTranslation('annotation');
  const count = mark.replies.filter((reply) => reply.deleted_at === null).length;
  return (
    <p className={classes.resolved}>
      <CircleCheck {...icon} className={classes.ok} />
      <span className={classes.resolvedText}>
        {t('card.resolvedBy', {
          name: mark.resolved_by?.name ?? '',
          text: plainText(mark.body) || mark.anchor.exact || t(`kind.${mark.kind}`),
        })}
      </span>
      {count > 0 ? <span className={classes.resolvedCount}>{t('card.replyCount', { count })}</span> : null}
      <ChevronDown {...icon} />
    </p>
  );
}

function Guess({ mark }: { mark: Annotation }) {
  const { t } = useTranslation('annotation');
  const { focus, act, mayJoin, focused } = useDiscussion();
  const confirm = () => {
    // First it is shown: nobody agrees to what they have not seen.
    if (focused === mark.id) act.confirm(mark);
    else focus(mark.id, { show: true, to: 'card' });
  };
  return (
    <p className={classes.guess}>
      {t(`guess.${certainty(mark.anchor.score)}`)}{' '}
      {mayJoin ? (
        <button type="button" className={classes.link} onClick={confirm}>
          {focused === mark.id ? t('guess.confirm') : t('guess.check')}
        </button>
      ) : null}
    </p>
  );
}

interface ThreadProps {
  mark: Annotation;
  unsaved: readonly Change[] | undefined;
  onHistory: (mark: Annotation) => void;
  discussion: Discussion;
}

/** The whole of what was said, and what can be done. */
function Thread({ mark, unsaved, onHistory, discussion }: ThreadProps) {
  const { t } = useTranslation('annotation');
  const { me, names, act, edit, editing, mayShare, mayJoin, members, role } = discussion;
  const reply = useRef<HTMLTextAreaElement>(null);
  const own = mark.author.id === me.id;
  const mayReply = mayShare || (own && mark.private);
  const mayDelete = own || role === 'owner' || role === 'admin';
  const people = mark.private ? [] : members.map(({ person_id: id, name }) => ({ id, name }));
  const place = mark.anchor.parts[0];
  return (
    <>
      <header className={classes.bar}>
        {isNote(mark) ? <span className={classes.time}>{t('kind.document')}</span> : <Chip meaning={mark.meaning} name={names[mark.meaning]} />}
        {mark.private ? (
          <span className={classes.time}>
            <Lock size={13} strokeWidth={1.75} aria-hidden />
            {t('card.onlyYou')}
          </span>
        ) : null}
        {mark.assignee ? (
          <span className={classes.assignee} title={t('card.assignedTo', { name: mark.assignee.name })}>
            <UserRound size={13} strokeWidth={1.75} aria-hidden />
            <span className="sr-only">{t('card.assignedTo', { name: mark.assignee.name })}</span>
            <span aria-hidden>{mark.assignee.name}</span>
          </span>
        ) : null}
        <span className={classes.space} />
        {isGuest() ? null : (
          <ActionIcon size={26} aria-label={t('card.copyLink')} title={t('card.copyLink')} onClick={() => act.copyLink(mark)}>
            <Link2 {...icon} />
          </ActionIcon>
        )}
        {isGuest() && !own ? null : (
          <CardMenu mark={mark} own={own} mayDelete={mayDelete} onHistory={onHistory} discussion={discussion} />
        )}
        {mayJoin ? (
          <button
            type="button"
            className={classes.resolve}
            data-key="resolve"
            onClick={() => act.resolve(mark, mark.resolved_at === null)}
          >
            {mark.resolved_at ? <RotateCcw {...icon} size={14} /> : <Check {...icon} size={14} />}
            {t(mark.resolved_at ? 'card.reopen' : 'card.resolve')}
          </button>
        ) : null}
      </header>
      {isHomeless(mark) && mark.anchor.exact ? <blockquote className={classes.quote}>{mark.anchor.exact}</blockquote> : null}
      {isGuessed(mark) ? <Guess mark={mark} /> : null}
      {mark.resolved_at ? (
        <p className={classes.wasResolved}>
          <CircleCheck {...icon} size={14} className={classes.ok} />
          {t('card.wasResolved', { name: mark.resolved_by?.name ?? '' })}
          <Time at={mark.resolved_at} edited={null} />
        </p>
      ) : null}
      <Said
        person={mark.author}
        at={mark.created_at}
        edited={mark.edited_at}
        onHistory={mark.edited_at && !isGuest() ? () => onHistory(mark) : undefined}
        actions={
          own && editing !== mark.id ? (
            <SmallButton label={t('card.edit')} onClick={() => edit(mark.id)} icon={<Pencil {...icon} size={14} />} />
          ) : null
        }
      >
        {editing === mark.id && isNote(mark) ? (
          <NoteEditor mark={mark} people={people} discussion={discussion} />
        ) : editing === mark.id ? (
          <Editor
            draftKey={`edit/${mark.id}/${mark.revision}`}
            body={mark.body}
            label={t('editor.comment')}
            placeholder={t('editor.placeholder')}
            submit={t('editor.save')}
            people={people}
            open
            autoFocus
            mayBeEmpty
            onSubmit={(body) => {
              edit(undefined);
              if (body !== mark.body) act.change(mark, { body });
            }}
            onCancel={() => edit(undefined)}
          />
        ) : mark.body ? (
          <Body text={mark.body} />
        ) : mark.anchor.exact && place?.start !== null ? (
          <blockquote className={classes.quote}>{mark.anchor.exact}</blockquote>
        ) : (
          <p className={classes.noText}>{t(`kind.${mark.kind}`)}</p>
        )}
        {editing === mark.id ? null : <Reactions mark={mark} replyId={null} reactions={mark.reactions} />}
      </Said>
      {mark.replies.map((answer) =>
        answer.deleted_at ? (
          answer.body === '' ? (
            <p key={answer.id} className={classes.noText}>
              {t('card.replyDeleted', { name: answer.author.name })}
            </p>
          ) : null
        ) : (
          <Said
            key={answer.id}
            person={answer.author}
            at={answer.created_at}
            edited={answer.edited_at}
            onHistory={answer.edited_at && !isGuest() ? () => onHistory(mark) : undefined}
            actions={
              editing === answer.id ? null : (
                <>
                  {answer.author.id === me.id ? (
                    <SmallButton label={t('card.editReply')} onClick={() => edit(answer.id)} icon={<Pencil {...icon} size={14} />} />
                  ) : null}
                  {answer.author.id === me.id || role === 'owner' || role === 'admin' ? (
                    <SmallButton
                      label={t('card.deleteReply')}
                      onClick={() => {
                        reply.current?.focus();
                        act.removeReply(mark, answer.id);
                      }}
                      icon={<Trash2 {...icon} size={14} />}
                    />
                  ) : null}
                </>
              )
            }
          >
            {editing === answer.id ? (
              <Editor
                draftKey={`edit/${answer.id}/${answer.revision}`}
                body={answer.body}
                label={t('editor.replyText')}
                placeholder={t('editor.reply')}
                submit={t('editor.save')}
                people={people}
                open
                autoFocus
                onSubmit={(body) => {
                  edit(undefined);
                  reply.current?.focus();
                  if (body !== answer.body) act.changeReply(mark, answer.id, answer.revision, body);
                }}
                onCancel={() => edit(undefined)}
              />
            ) : (
              <Body text={answer.body} />
            )}
            {editing === answer.id ? null : <Reactions mark={mark} replyId={answer.id} reactions={answer.reactions} />}
          </Said>
        ),
      )}
      <Stuck mark={mark} changes={unsaved} />
      {mayReply ? (
        <div className={classes.reply}>
          <PersonAvatar id={me.id} name={me.name} size={22} decorative />
          <Editor
            ref={reply}
            draftKey={`reply/${mark.id}`}
            body=""
            label={t('editor.replyTo', { name: mark.author.name })}
            placeholder={people.length > 0 ? t('editor.reply') : t('editor.replyPrivate')}
            hint="R"
            submit={t('editor.sendReply')}
            people={people}
            onSubmit={(body) => act.reply(mark, body)}
          />
        </div>
      ) : null}
    </>
  );
}

/** A note being rewritten where it stands. */
function NoteEditor({ mark, people, discussion }: { mark: Annotation; people: readonly Mentionable[]; discussion: Discussion }) {
  const { t } = useTranslation('annotation');
  const { act, edit } = discussion;
  const { title: first, text } = splitNote(mark.body);
  const key = `edit/${mark.id}/${mark.revision}`;
  const title = useNoteTitle(key, first);
  return (
    <Editor
      draftKey={key}
      body={text}
      label={t('note.text')}
      placeholder={t('note.placeholder')}
      submit={t('editor.save')}
      people={people}
      open
      autoFocus
      long
      above={<NoteTitle {...title} />}
      mayBeEmpty={title.value.trim() !== ''}
      onSubmit={(written) => {
        title.forget();
        edit(undefined);
        const body = joinNote(title.value, written);
        if (body !== mark.body) act.change(mark, { body });
      }}
      onCancel={() => {
        title.forget();
        edit(undefined);
      }}
    />
  );
}

function SmallButton({ label, onClick, icon: shown }: { label: string; onClick: () => void; icon: ReactNode }) {
  return (
    <ActionIcon size={22} className={classes.small} aria-label={label} title={label} onClick={onClick}>
      {shown}
    </ActionIcon>
  );
}

interface SaidProps {
  person: AnnotationPerson;
  at: string;
  edited: string | null;
  onHistory: (() => void) | undefined;
  actions: ReactNode;
  children: ReactNode;
}

function Said({ person, at, edited, onHistory, actions, children }: SaidProps) {
  const { t } = useTranslation('annotation');
  return (
    <div className={classes.said}>
      <PersonAvatar id={person.id ?? person.name} name={person.name} size={22} decorative />
      <div className={classes.saidBody}>
        <div className={classes.saidHead}>
          <span className={classes.name}>{person.name}</span>
          {onHistory ? (
            <button type="button" className={classes.timeButton} title={formatMoment(at)} onClick={onHistory}>
              {t('card.edited', { at: formatAgo(at) })}
            </button>
          ) : (
            <Time at={at} edited={edited} />
          )}
          <span className={classes.space} />
          {actions}
        </div>
        {children}
      </div>
    </div>
  );
}

interface MenuProps {
  mark: Annotation;
  own: boolean;
  mayDelete: boolean;
  onHistory: (mark: Annotation) => void;
  discussion: Discussion;
}

function CardMenu({ mark, own, mayDelete, onHistory, discussion }: MenuProps) {
  const { t } = useTranslation('annotation');
  const { act, members, mayJoin, names, edit } = discussion;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon size={26} aria-label={t('card.more')} title={t('card.more')}>
          <Ellipsis {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {own ? (
          <>
            <Menu.Item leftSection={<Pencil {...icon} />} onClick={() => edit(mark.id)}>
              {t('card.edit')}
            </Menu.Item>
            {isNote(mark) ? null : (
              <MeaningItems value={mark.meaning} names={names} onChoose={(meaning) => act.change(mark, { meaning })} />
            )}
            {mark.kind === 'highlight' || mark.kind === 'underline' ? (
              <Menu.Item
                onClick={() => act.change(mark, { kind: mark.kind === 'highlight' ? 'underline' : 'highlight' })}
              >
                {t(mark.kind === 'highlight' ? 'card.toUnderline' : 'card.toHighlight')}
              </Menu.Item>
            ) : null}
            {mayJoin ? (
              <Menu.Item
                leftSection={mark.private ? <LockOpen {...icon} /> : <Lock {...icon} />}
                onClick={() => act.change(mark, { private: !mark.private })}
              >
                {t(mark.private ? 'card.share' : 'card.makePrivate')}
              </Menu.Item>
            ) : null}
          </>
        ) : null}
        {isGuest() ? null : (
          <Menu.Item leftSection={<History {...icon} />} onClick={() => onHistory(mark)}>
            {t('card.history')}
          </Menu.Item>
        )}
        {mayJoin && !mark.private ? (
          <>
            <Menu.Divider />
            <Menu.Label>{t('card.assign')}</Menu.Label>
            {members.slice(0, 12).map(({ person_id: id, name }) => (
              <Menu.Item
                key={id}
                leftSection={<PersonAvatar id={id} name={name} size={18} decorative />}
                rightSection={mark.assignee?.id === id ? <Check {...icon} aria-label={t('card.chosen')} aria-hidden={false} /> : null}
                onClick={() => act.assign(mark, mark.assignee?.id === id ? null : { id, name })}
              >
                {name}
              </Menu.Item>
            ))}
          </>
        ) : null}
        {mayDelete ? (
          <>
            <Menu.Divider />
            <Menu.Item color="var(--bad)" leftSection={<Trash2 {...icon} />} onClick={() => act.remove(mark)}>
              {t('card.delete')}
            </Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
