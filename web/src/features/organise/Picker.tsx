/** Which tags, or which collections, documents have: found as one types, and made where there is none. */
import { Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Check, Folder, Minus, Plus } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../lib/api';
import { toastError } from '../../ui/toast';
import { collectionsQuery, tagColors, tagsQuery } from './api';
import { stateOn } from './cache';
import cells from './Cells.module.css';
import classes from './Picker.module.css';
import { flatten, treeOf } from './tree';
import { useOrganise, type Kind } from './useOrganise';

interface Props {
  libraryId: string;
  kind: Kind;
  /** None: closed. */
  documents: Document[];
  onClose: () => void;
}

export function Picker({ libraryId, kind, documents, onClose }: Props) {
  const { t } = useTranslation('organise');
  const { t: app } = useTranslation('app');
  return (
    <Modal
      opened={documents.length > 0}
      onClose={onClose}
      title={t(`picker.${kind}`, { count: documents.length })}
      size={400}
      closeButtonProps={{ 'aria-label': app('close') }}
    >
      {documents.length > 0 ? <Choices libraryId={libraryId} kind={kind} documents={documents} /> : null}
    </Modal>
  );
}

interface Choice {
  id: string;
  name: string;
  /** Shown: a collection with those that it is in. */
  label: string;
  color?: string;
}

/** What a name is found by: the same letters in any case, without the sign before a tag. */
const folded = (text: string): string => text.replace(/^\s*#+/, '').replace(/\s+/g, ' ').trim().toLowerCase();

function Choices({ libraryId, kind, documents }: Omit<Props, 'onClose'>) {
  const { t } = useTranslation('organise');
  const organise = useOrganise(libraryId);
  const tags = useQuery({ ...tagsQuery(libraryId), enabled: kind === 'tag' }).data;
  const collections = useQuery({ ...collectionsQuery(libraryId), enabled: kind === 'collection' }).data;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const prefix = useId();

  const all: Choice[] =
    kind === 'tag'
      ? (tags ?? []).map(({ id, name, color }) => ({ id, name, label: name, color }))
      : flatten(treeOf(collections ?? [])).map(({ id, name, path }) => ({ id, name, label: path }));
  const wanted = folded(text);
  const begins = (choice: Choice) => (choice.name.toLowerCase().startsWith(wanted) ? 0 : 1);
  const found = wanted ? all.filter(({ label }) => label.toLowerCase().includes(wanted)).sort((a, b) => begins(a) - begins(b)) : all;
  const known = kind === 'tag' ? tags !== undefined : collections !== undefined;
  const makes = known && wanted !== '' && !all.some(({ name }) => name.toLowerCase() === wanted);
  const typed = text.replace(/\s+/g, ' ').trim();
  const newName = kind === 'tag' ? typed.replace(/^#+\s*/, '') : typed;
  const count = found.length + (makes ? 1 : 0);
  const active = Math.min(at, count - 1);

  const toggle = async (choice: Choice): Promise<void> => {
    const ids = documents.map(({ id }) => id);
    const on = stateOn(documents, kind, choice.id) === 'all';
    await organise.put(kind, choice, on ? { remove: ids } : { add: ids });
  };
  const make = async (): Promise<void> => {
    // Colours in turn, so that two new tags differ; the first is for those without one.
    const color = tagColors[1 + (all.length % (tagColors.length - 1))] ?? 'grey';
    try {
      const made = kind === 'tag' ? await organise.makeTag(newName, color) : await organise.makeCollection(newName);
      setText('');
      await toggle({ id: made.id, name: made.name, label: made.name });
    } catch (error) {
      toastError(error);
    }
  };
  const choose = async (index: number): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const choice = found[index];
    await (choice ? toggle(choice) : make());
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && count > 0) {
      event.preventDefault();
      const next = (active + step + count) % count;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && count > 0 && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void choose(active);
      if (active < found.length) event.currentTarget.select();
    }
  };

  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label={t(`picker.${kind}Find`)}
        aria-expanded={count > 0}
        aria-controls={`${prefix}list`}
        aria-activedescendant={count > 0 ? `${prefix}${active}` : undefined}
        aria-autocomplete="list"
        aria-describedby={`${prefix}hint`}
        autoComplete="off"
        placeholder={t(`picker.${kind}Find`)}
        maxLength={kind === 'tag' ? 60 : 120}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={`${prefix}list`} className={classes.list} role="listbox" aria-multiselectable aria-label={t(`${kind}.title`)}>
        {found.map((choice, index) => {
          const state = stateOn(documents, kind, choice.id);
          return (
            <div
              key={choice.id}
              id={`${prefix}${index}`}
              role="option"
              aria-selected={state === 'all'}
              data-active={index === active || undefined}
              className={classes.option}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => void choose(index)}
            >
              <span className={classes.box} data-state={state}>
                {state === 'all' ? <Check size={12} strokeWidth={3} aria-hidden /> : state === 'some' ? <Minus size={12} strokeWidth={3} aria-hidden /> : null}
              </span>
              {choice.color ? (
                <span className={cells.sign} data-color={choice.color} aria-hidden>
                  #
                </span>
              ) : (
                <Folder size={14} strokeWidth={1.75} aria-hidden />
              )}
              <span className={classes.label}>{choice.label}</span>
              {state === 'some' ? <span className={classes.some}>{t('picker.some')}</span> : null}
            </div>
          );
        })}
        {makes ? (
          <div
            id={`${prefix}${found.length}`}
            role="option"
            aria-selected={false}
            data-active={active === found.length || undefined}
            className={classes.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => void choose(found.length)}
          >
            <Plus size={16} strokeWidth={1.75} aria-hidden />
            <span className={classes.label}>{t(`picker.${kind}Make`, { name: newName })}</span>
          </div>
        ) : null}
      </div>
      <p id={`${prefix}hint`} className={classes.hint}>
        {known && count === 0 ? t('picker.nothing') : t('picker.hint')}
      </p>
    </>
  );
}
