import { Menu } from '@mantine/core';
import { SmilePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Annotation, AnnotationReaction } from '../../lib/api';
import classes from './Card.module.css';
import { useDiscussion } from './Discussion';

/** Those that the server knows. */
const emojis = ['👍', '❤️', '🎉', '😄', '🤔', '👀'] as const;

interface Props {
  mark: Annotation;
  replyId: string | null;
  reactions: readonly AnnotationReaction[];
}

export function Reactions({ mark, replyId, reactions }: Props) {
  const { t } = useTranslation('annotation');
  const { me, act, mayJoin } = useDiscussion();
  const mine = (reaction: AnnotationReaction | undefined) => reaction?.people.some(({ id }) => id === me.id) ?? false;
  if (mark.private) return null;
  return (
    <div className={classes.reactions}>
      {reactions.map((reaction) => (
        <button
          key={reaction.emoji}
          type="button"
          className={classes.reaction}
          aria-pressed={mine(reaction)}
          disabled={!mayJoin}
          title={reaction.people.map(({ name }) => name).join(', ')}
          aria-label={t('reaction.label', {
            emoji: reaction.emoji,
            names: reaction.people.map(({ name }) => name).join(', '),
          })}
          onClick={() => act.react(mark, replyId, reaction.emoji, !mine(reaction))}
        >
          {reaction.emoji} {reaction.people.length}
        </button>
      ))}
      {mayJoin ? (
        <Menu position="bottom-start" width="auto">
          <Menu.Target>
            <button type="button" className={classes.react} aria-label={t('reaction.add')} title={t('reaction.add')}>
              <SmilePlus size={14} strokeWidth={1.75} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <div className={classes.emojis} role="group" aria-label={t('reaction.add')}>
              {emojis.map((emoji) => {
                const chosen = mine(reactions.find((reaction) => reaction.emoji === emoji));
                return (
                  <Menu.Item
                    key={emoji}
                    className={classes.emoji}
                    data-chosen={chosen || undefined}
                    aria-label={chosen ? t('popup.chosen', { name: emoji }) : emoji}
                    onClick={() => act.react(mark, replyId, emoji, !chosen)}
                  >
                    {emoji}
                  </Menu.Item>
                );
              })}
            </div>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </div>
  );
}
