/** The small forms for one tag or one collection. */
import { Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection, TagColor } from '../../lib/api';
import { sentence } from '../../lib/problem';
import { tagColors } from './api';
import classes from './Dialogs.module.css';
import { above, flatten, treeOf } from './tree';

interface FrameProps {
  title: string;
  submit: string;
  ready: boolean;
  /** What was wrong; shown under the field by the caller. */
  onProblem: (problem: string) => void;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

function Frame({ title, submit, ready, onProblem, onSubmit, onClose, children }: FrameProps) {
  const { t: app } = useTranslation('app');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      onProblem(sentence(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size={400} closeButtonProps={{ 'aria-label': app('close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void send();
        }}
      >
        {children}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {app('cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={busy}>
            {submit}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface NameProps {
  title: string;
  submit: string;
  name?: string;
  onSubmit: (name: string) => Promise<void>;
  onClose: () => void;
}

export function CollectionDialog({ title, submit, name: given = '', onSubmit, onClose }: NameProps) {
  const { t } = useTranslation('organise');
  const [name, setName] = useState(given);
  const [problem, setProblem] = useState('');
  return (
    <Frame title={title} submit={submit} ready={name.trim() !== ''} onProblem={setProblem} onSubmit={() => onSubmit(name)} onClose={onClose}>
      <TextInput
        label={t('collection.name')}
        data-autofocus
        maxLength={120}
        value={name}
        error={problem || undefined}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Frame>
  );
}

interface TagProps {
  title: string;
  submit: string;
  tag?: { name: string; color: TagColor };
  onSubmit: (tag: { name: string; color: TagColor }) => Promise<void>;
  onClose: () => void;
}

export function TagDialog({ title, submit, tag, onSubmit, onClose }: TagProps) {
  const { t } = useTranslation('organise');
  const [name, setName] = useState(tag?.name ?? '');
  const [color, setColor] = useState<TagColor>(tag?.color ?? 'blue');
  const [problem, setProblem] = useState('');
  return (
    <Frame title={title} submit={submit} ready={name.trim() !== ''} onProblem={setProblem} onSubmit={() => onSubmit({ name, color })} onClose={onClose}>
      <TextInput
        label={t('tag.name')}
        data-autofocus
        maxLength={60}
        leftSection="#"
        value={name}
        error={problem || undefined}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset className={classes.colors}>
        <legend>{t('tag.color')}</legend>
        {tagColors.map((each) => (
          <label key={each} className={classes.color} title={t(`colors.${each}`)}>
            <input type="radio" name="color" className="sr-only" checked={color === each} onChange={() => setColor(each)} />
            <span className={classes.swatch} data-color={each} aria-hidden />
            <span className="sr-only">{t(`colors.${each}`)}</span>
          </label>
        ))}
      </fieldset>
    </Frame>
  );
}

interface MoveProps {
  list: Collection[];
  collection: Collection;
  onSubmit: (parentId: string | null) => Promise<void>;
  onClose: () => void;
}

export function MoveDialog({ list, collection, onSubmit, onClose }: MoveProps) {
  const { t } = useTranslation('organise');
  const [parent, setParent] = useState(collection.parent_id ?? '');
  const [problem, setProblem] = useState('');
  const places = flatten(treeOf(list)).filter(({ id }) => id !== collection.id && !above(list, id).includes(collection.id));
  return (
    <Frame
      title={t('collection.moveTitle', { name: collection.name })}
      submit={t('collection.move')}
      ready={parent !== (collection.parent_id ?? '')}
      onProblem={setProblem}
      onSubmit={() => onSubmit(parent || null)}
      onClose={onClose}
    >
      <NativeSelect
        label={t('collection.place')}
        data-autofocus
        value={parent}
        error={problem || undefined}
        onChange={(event) => setParent(event.currentTarget.value)}
        data={[{ value: '', label: t('collection.top') }, ...places.map(({ id, path }) => ({ value: id, label: path }))]}
      />
    </Frame>
  );
}
