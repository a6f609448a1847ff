import { ActionIcon, Checkbox, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { Chip } from './Chip';
import { DeletedDialog } from './DeletedDialog';
import { useDiscussion } from './Discussion';
import { countSet, noFilter, type Filter } from './filter';
import classes from './FilterMenu.module.css';
import { meanings } from './meanings';

const toggled = <T,>(list: readonly T[], value: T): T[] =>
  list.includes(value) ? list.filter((other) => other !== value) : [...list, value];

/** Which marks are shown. */
export function FilterMenu() {
  const { t } = useTranslation('annotation');
  const { filter, setFilter, counts, names, notes, placed, homeless, marks } = useDiscussion();
  const [deleted, setDeleted] = useState(false);
  const set = countSet(filter);
  const change = (part: Partial<Filter>) => setFilter({ ...filter, ...part });
  return (
    <>
      <Popover position="bottom-end" width={300} shadow="md" radius="lg" trapFocus returnFocus>
        <Popover.Target>
          <ActionIcon
            className={classes.button}
            data-set={set > 0 || undefined}
            aria-label={set > 0 ? t('filter.labelSet', { count: set }) : t('filter.label')}
            title={t('filter.label')}
          >
            <ListFilter size={16} strokeWidth={1.75} aria-hidden />
            {set > 0 ? <span className={classes.badge}>{set}</span> : null}
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown className={classes.menu} aria-label={t('filter.label')}>
          <TextInput
            data-autofocus
            aria-label={t('filter.text')}
            placeholder={t('filter.text')}
            value={filter.text}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t('filter.state')}
            value={filter.state}
            onChange={(state) => change({ state: state as Filter['state'] })}
            data={[
              { value: 'all', label: t('filter.all', { count: marks.length }) },
              { value: 'open', label: t('filter.open', { count: counts.open }) },
              { value: 'resolved', label: t('filter.resolved', { count: counts.resolved }) },
            ]}
          />
          <fieldset className={classes.group}>
            <legend>{t('filter.meanings')}</legend>
            {meanings.map((meaning) => (
              <Row
                key={meaning}
                checked={filter.meanings.includes(meaning)}
                count={counts.meanings[meaning]}
                onChange={() => change({ meanings: toggled(filter.meanings, meaning) })}
              >
                <Chip meaning={meaning} name={names[meaning]} />
              </Row>
            ))}
          </fieldset>
          <fieldset className={classes.group}>
            <legend>{t('filter.people')}</legend>
            <Row checked={filter.mine} count={counts.mine} onChange={() => change({ mine: !filter.mine })}>
              {t('filter.mine')}
            </Row>
            <Row checked={filter.mentionsMe} count={counts.mentionsMe} onChange={() => change({ mentionsMe: !filter.mentionsMe })}>
              {t('filter.mentionsMe')}
            </Row>
            {counts.people.slice(0, 20).map((person) => (
              <Row
                key={person.key}
                checked={filter.people.includes(person.key)}
                count={person.count}
                onChange={() => change({ people: toggled(filter.people, person.key) })}
              >
                <PersonAvatar id={person.id ?? person.name} name={person.name} size={18} decorative />
                {person.name}
              </Row>
            ))}
          </fieldset>
          <p className={classes.foot} role="status">
            {t('filter.shown', { count: notes.length + placed.length + homeless.length, total: marks.length })}
            {set > 0 ? (
              <button type="button" className={classes.clear} onClick={() => setFilter(noFilter)}>
                {t('filter.clear')}
              </button>
            ) : null}
          </p>
          <button type="button" className={classes.clear} onClick={() => setDeleted(true)}>
            {t('deleted.open')}
          </button>
        </Popover.Dropdown>
      </Popover>
      {deleted ? <DeletedDialog onClose={() => setDeleted(false)} /> : null}
    </>
  );
}

interface RowProps {
  checked: boolean;
  count: number;
  onChange: () => void;
  children: React.ReactNode;
}

function Row({ checked, count, onChange, children }: RowProps) {
  return (
    <Checkbox
      size="xs"
      checked={checked}
      onChange={onChange}
      classNames={{ body: classes.row ?? '', labelWrapper: classes.rowLabel ?? '', label: classes.rowText ?? '' }}
      label={
        <>
          {children}
          <span className={classes.count}>{count}</span>
        </>
      }
    />
  );
}
