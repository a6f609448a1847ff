import { Menu, Tooltip } from '@mantine/core';
import { Eye, EyeOff } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys';
import { personColour } from '../../lib/people';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { usePresence } from './PresenceProvider';
import classes from './People.module.css';
import type { Reader } from './roster';

/** As many as stand side by side. */
const shown = 4;

/** The others who are here, each with their page. `narrow`: one button for all of them. */
export function People({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation('presence');
  const { readers, followed, follow, unfollow } = usePresence();
  const group = t('keys.group');
  const next = () => {
    const here = readers.filter(({ elsewhere }) => !elsewhere);
    const at = here.findIndex(({ id }) => id === followed?.id);
    const reader = here[at + 1];
    if (reader) follow(reader);
    else unfollow();
  };
  useKeys([{ keys: 'f', label: t('keys.follow'), group, run: next }], readers.length > 0);
  useKeys([{ keys: 'Esc', label: t('keys.stop'), group, run: unfollow }], followed !== undefined);
  if (readers.length === 0) return null;
  const chips = narrow ? [] : readers.slice(0, shown);
  const rest = readers.slice(chips.length);
  return (
    <div className={classes.people} role="group" aria-label={t('label')}>
      {chips.map((reader) => (
        <Chip key={reader.id} reader={reader} />
      ))}
      {rest.length > 0 ? <Rest readers={rest} all={narrow} /> : null}
    </div>
  );
}

/** Click goes there, Shift and click follows. */
function useClick() {
  const { followed, goTo, follow, unfollow } = usePresence();
  return (reader: Reader) => (event: MouseEvent) => {
    if (!event.shiftKey) goTo(reader);
    else if (followed?.id === reader.id) unfollow();
    else follow(reader);
  };
}

function useName() {
  const { t } = useTranslation('presence');
  const { followed } = usePresence();
  return ({ id, name, page, elsewhere }: Reader) =>
    elsewhere ? t('elsewhere', { name }) : t(followed?.id === id ? 'following' : 'go', { name, page });
}

function Chip({ reader }: { reader: Reader }) {
  const { t } = useTranslation('presence');
  const { followed } = usePresence();
  const click = useClick();
  const nameOf = useName();
  const { id, name, page, elsewhere } = reader;
  return (
    <Tooltip
      label={
        <>
          <div className={classes.tipName}>{name}</div>
          <div className={classes.tipHint}>{elsewhere ? t('otherFile') : t('hint')}</div>
        </>
      }
    >
      <button
        type="button"
        className={classes.chip}
        data-followed={followed?.id === id || undefined}
        aria-disabled={elsewhere || undefined}
        aria-label={nameOf(reader)}
        style={{ ['--person' as string]: personColour(id) }}
        onClick={click(reader)}
      >
        <PersonAvatar id={id} name={name} size={22} decorative />
        {elsewhere ? null : <span className={`${classes.page} tabular`}>{t('page', { page })}</span>}
      </button>
    </Tooltip>
  );
}

function Rest({ readers, all }: { readers: readonly Reader[]; all: boolean }) {
  const { t } = useTranslation('presence');
  const { followed, follow, unfollow } = usePresence();
  const click = useClick();
  const nameOf = useName();
  const first = readers[0]!;
  const label = all ? t('all', { count: readers.length }) : t('more', { count: readers.length });
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <button
          type="button"
          className={all ? classes.all : classes.more}
          aria-label={label}
          data-followed={(all && followed !== undefined) || undefined}
          style={{ ['--person' as string]: personColour(followed?.id ?? first.id) }}
        >
          {all ? (
            <>
              <PersonAvatar id={first.id} name={first.name} size={24} decorative />
              {readers.length > 1 ? <span className={`${classes.count} tabular`}>{readers.length}</span> : null}
            </>
          ) : (
            `+${readers.length}`
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('label')}</Menu.Label>
        {readers.map((reader) => {
          const { id, name, page, elsewhere } = reader;
          const followsThem = followed?.id === id;
          const Icon = followsThem ? EyeOff : Eye;
          const followLabel = t(followsThem ? 'stopNamed' : 'followNamed', { name });
          return (
            <div key={id} className={classes.row}>
              <Menu.Item
                className={classes.person}
                disabled={elsewhere}
                aria-label={nameOf(reader)}
                leftSection={<PersonAvatar id={id} name={name} size={24} decorative />}
                rightSection={<span className={classes.page}>{elsewhere ? t('otherFile') : t('page', { page })}</span>}
                onClick={click(reader)}
              >
                <span className={classes.name}>{name}</span>
              </Menu.Item>
              {elsewhere ? null : (
                <Menu.Item
                  className={classes.follow}
                  aria-label={followLabel}
                  title={followLabel}
                  onClick={() => (followsThem ? unfollow() : follow(reader))}
                >
                  <Icon size={16} strokeWidth={1.75} aria-hidden />
                </Menu.Item>
              )}
            </div>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
