import { Button } from '@mantine/core';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Keys } from '../../ui/Keys';
import { PersonAvatar } from '../../ui/PersonAvatar';
import { useDraft } from './draft';
import classes from './Editor.module.css';
import { mentionAt, suggest, toBody, toTyped } from './mentions';

export interface Mentionable {
  id: string;
  name: string;
}

interface Props {
  /** Names the text that is kept while it is typed. */
  draftKey: string;
  /** The body that is edited; empty for a new one. */
  body: string;
  label: string;
  placeholder: string;
  /** Shown in an empty field that has not the focus. */
  hint?: string;
  submit: string;
  people: readonly Mentionable[];
  /** Buttons are there from the beginning. */
  open?: boolean;
  autoFocus?: boolean;
  /** An empty text may be sent. */
  mayBeEmpty?: boolean;
  /** Shown in the frame, above the text. */
  above?: ReactNode;
  /** Room for more than a few lines. */
  long?: boolean;
  /** What else is chosen before it is sent; Ctrl+Enter sends from there too. */
  choices?: ReactNode;
  onSubmit: (body: string) => void;
  onCancel?: () => void;
  ref?: Ref<HTMLTextAreaElement>;
}

/** The server's own limit, in code points. */
const longest = 20_000;

/** A field for Markdown with completion of members after an @. */
export function Editor(props: Props) {
  const { t } = useTranslation('annotation');
  const { draftKey, body, label, people, onSubmit, onCancel, ref } = props;
  const list = useId();
  const first = toTyped(body);
  const { typed, change, forget } = useDraft(draftKey, first);
  const [touched, setTouched] = useState(props.open ?? false);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState(-1);
  const field = useRef<HTMLTextAreaElement | null>(null);
  const put = useRef<number>(undefined);

  const asked = mentionAt(typed.text, caret);
  const found = asked && dismissed !== asked.from ? suggest(people, asked.query) : [];
  const shown = found.length > 0;
  const picked = Math.min(chosen, found.length - 1);

  useLayoutEffect(() => {
    if (put.current === undefined) return;
    field.current?.setSelectionRange(put.current, put.current);
    put.current = undefined;
  });

  const choose = (person: Mentionable) => {
    if (!asked) return;
    const text = `${typed.text.slice(0, asked.from)}@${person.name} ${typed.text.slice(caret)}`;
    put.current = asked.from + person.name.length + 2;
    setCaret(put.current);
    change({ text, people: new Map([...typed.people, [person.name, person.id]]) });
    setChosen(0);
  };
  const length = [...typed.text].length;
  const mayGo = (props.mayBeEmpty || typed.text.trim() !== '') && length <= longest;
  const send = () => {
    if (!mayGo) return;
    forget({ text: '', people: new Map() });
    onSubmit(toBody({ text: typed.text.trim(), people: typed.people }));
    if (!props.open) setTouched(false);
  };
  const cancel = () => {
    forget(first);
    setTouched(false);
    onCancel?.();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (shown) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) {
        event.preventDefault();
        setChosen((picked + step + found.length) % found.length);
        return;
      }
      const person = found[picked];
      if ((event.key === 'Enter' || event.key === 'Tab') && person) {
        event.preventDefault();
        choose(person);
        return;
      }
      if (event.key === 'Escape' && asked) {
        event.preventDefault();
        event.stopPropagation();
        setDismissed(asked.from);
        return;
      }
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      // What was typed stays as a draft, unless nothing was.
      if (typed.text === first.text) cancel();
      else field.current?.blur();
    }
  };

  return (
    <div
      className={classes.editor}
      data-open={touched || undefined}
      onKeyDown={(event) => {
        if (event.defaultPrevented || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        send();
      }}
    >
      <div className={classes.frame}>
        {props.above}
        <textarea
          ref={(element) => {
            field.current = element;
            if (typeof ref === 'function') ref(element);
            else if (ref) ref.current = element;
          }}
          className={classes.field}
          rows={touched ? 2 : 1}
          data-long={props.long || undefined}
          value={typed.text}
          aria-label={label}
          placeholder={props.placeholder}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={shown ? list : undefined}
          aria-activedescendant={shown ? `${list}-${picked}` : undefined}
          autoFocus={props.autoFocus}
          onFocus={() => setTouched(true)}
          onChange={(event) => {
            setCaret(event.currentTarget.selectionStart);
            setDismissed(-1);
            change({ text: event.currentTarget.value, people: typed.people });
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        {props.hint && !touched && typed.text === '' ? (
          <span className={classes.hint}>
            <Keys keys={props.hint} />
          </span>
        ) : null}
      </div>
      {shown ? (
        <ul id={list} role="listbox" className={classes.people} aria-label={t('mention.list')}>
          {found.map((person, i) => (
            <li
              key={person.id}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === picked}
              className={classes.person}
              onPointerDown={(event) => {
                event.preventDefault();
                choose(person);
              }}
            >
              <PersonAvatar id={person.id} name={person.name} size={20} decorative />
              {person.name}
            </li>
          ))}
        </ul>
      ) : null}
      {touched ? (
        <div className={classes.row}>
          <span className={classes.note} data-bad={length > longest || undefined}>
            {length > longest ? t('editor.tooLong', { limit: longest }) : t('editor.format')}
          </span>
          <Button size="compact-sm" variant="subtle" color="gray" className={classes.button} onClick={cancel}>
            {t('editor.cancel')}
          </Button>
          <Button size="compact-sm" className={classes.button} disabled={!mayGo} onClick={send}>
            {props.submit}
          </Button>
        </div>
      ) : null}
      {props.choices}
    </div>
  );
}
