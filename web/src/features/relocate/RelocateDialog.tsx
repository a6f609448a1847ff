import { Button, Checkbox, Group, Modal, NativeSelect, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Library as LibraryIcon } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Library } from '../../lib/api';
import { collectionsQuery } from './api';
import classes from './RelocateDialog.module.css';
import { pathsOf } from './paths';
import { useRelocate } from './useRelocate';

interface Props {
  fromLibraryId: string;
  /** Those that documents can be added to, this one not among them. */
  libraries: readonly Library[];
  /** None: closed. */
  documentIds: readonly string[];
  mayMove: boolean;
  onClose: () => void;
}

/** Where documents are to go, and what goes along. */
export function RelocateDialog({ documentIds, onClose, ...rest }: Props) {
  const { t } = useTranslation('relocate');
  const { t: app } = useTranslation('app');
  return (
    <Modal
      opened={documentIds.length > 0}
      onClose={onClose}
      title={t('title', { count: documentIds.length })}
      size={440}
      closeButtonProps={{ 'aria-label': app('close') }}
    >
      {documentIds.length > 0 ? <Form documentIds={documentIds} onClose={onClose} {...rest} /> : null}
    </Modal>
  );
}

function Form({ fromLibraryId, libraries, documentIds, mayMove, onClose }: Props) {
  const { t } = useTranslation('relocate');
  const relocate = useRelocate(fromLibraryId);
  const [kind, setKind] = useState<'copy' | 'move'>('copy');
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [withMarks, setWithMarks] = useState(true);
  const [withTags, setWithTags] = useState(true);
  const [chosenCollection, setCollection] = useState<{ libraryId: string; id: string }>();
  const list = useRef<HTMLDivElement>(null);
  const prefix = useId();

  const wanted = text.trim().toLowerCase();
  const found = libraries.filter(({ name }) => name.toLowerCase().includes(wanted));
  const active = Math.min(at, found.length - 1);
  const target = found[active];
  const collections = pathsOf(useQuery({ ...collectionsQuery(target?.id ?? ''), enabled: target !== undefined }).data ?? []);
  const collection = chosenCollection && chosenCollection.libraryId === target?.id ? chosenCollection.id : '';

  const submit = () => {
    if (!target) return;
    void relocate(
      {
        kind,
        to_library_id: target.id,
        document_ids: [...documentIds],
        with_marks: kind === 'move' || withMarks,
        with_tags: withTags,
        ...(collection ? { collection_id: collection } : {}),
      },
      target.name,
    );
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      const next = (active + step + found.length) % found.length;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    }
  };

  if (libraries.length === 0) return <p className={classes.note}>{t('none')}</p>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        {mayMove ? (
          <SegmentedControl
            fullWidth
            aria-label={t('kind.label')}
            value={kind}
            onChange={(value) => setKind(value as 'copy' | 'move')}
            data={[
              { value: 'copy', label: t('kind.copy') },
              { value: 'move', label: t('kind.move') },
            ]}
          />
        ) : null}
        <div>
          <TextInput
            data-autofocus
            role="combobox"
            aria-label={t('find')}
            aria-expanded={found.length > 0}
            aria-controls={`${prefix}list`}
            aria-activedescendant={target ? `${prefix}${active}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            placeholder={t('find')}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div ref={list} id={`${prefix}list`} className={classes.list} role="listbox" aria-label={t('libraries')}>
            {found.map((library, index) => (
              <div
                key={library.id}
                id={`${prefix}${index}`}
                role="option"
                aria-selected={index === active}
                className={classes.option}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => setAt(index)}
              >
                <LibraryIcon size={16} strokeWidth={1.75} aria-hidden />
                <span className={classes.name}>{library.name}</span>
              </div>
            ))}
          </div>
          {found.length === 0 ? <p className={classes.note}>{t('noMatch')}</p> : null}
        </div>
        {kind === 'copy' ? (
          <Checkbox
            label={t('withMarks')}
            description={t('withMarksText')}
            checked={withMarks}
            onChange={(event) => setWithMarks(event.currentTarget.checked)}
          />
        ) : (
          <p className={classes.note}>{t('moveText')}</p>
        )}
        <Checkbox
          label={t('withTags')}
          description={t('withTagsText')}
          checked={withTags}
          onChange={(event) => setWithTags(event.currentTarget.checked)}
        />
        {target && collections.length > 0 ? (
          <NativeSelect
            label={t('collection')}
            value={collection}
            onChange={(event) => setCollection({ libraryId: target.id, id: event.currentTarget.value })}
            data={[{ value: '', label: t('noCollection') }, ...collections.map(({ id, path }) => ({ value: id, label: path }))]}
          />
        ) : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={!target}>
            {target ? t(`${kind}.submit`, { count: documentIds.length, name: target.name }) : t(`${kind}.choose`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
