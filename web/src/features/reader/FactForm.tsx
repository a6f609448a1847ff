import { ActionIcon, Autocomplete, Button, NativeSelect, Textarea, TextInput, Tooltip } from '@mantine/core';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nameText } from '../../lib/names';
import { readDate, typedDate } from './dates';
import { namesOf, types, type Field, type Name } from './facts';
import classes from './Fact.module.css';
import { useCompletions } from './useCompletions';

interface Props {
  libraryId: string;
  field: Field;
  label: string;
  value: unknown;
  busy: boolean;
  /** Why the last try was refused. */
  problem: string | undefined;
  onSave: (value: unknown) => void;
  onCancel: () => void;
}

/** Corrects one field where it stands. */
export function FactForm(props: Props) {
  if (props.field.kind === 'names') return <NamesForm {...props} />;
  return props.field.kind === 'type' ? <TypeForm {...props} /> : <TextForm {...props} />;
}

function TypeForm({ label, value, busy, problem, onSave, onCancel }: Props) {
  const { t } = useTranslation('reader');
  const given = typeof value === 'string' ? value : '';
  const [type, setType] = useState(given);
  return (
    <Form label={label} busy={busy} onSave={() => (type === given || type === '' ? onCancel() : onSave(type))} onCancel={onCancel} problem={problem}>
      <NativeSelect
        aria-label={label}
        autoFocus
        value={type}
        onChange={(event) => setType(event.currentTarget.value)}
        data={[...(given ? [] : [{ value: '', label: t('info.unknown') }]), ...types.map((id) => ({ value: id, label: t(`info.type.${id}`) }))]}
      />
    </Form>
  );
}

function TextForm({ libraryId, field, label, value, busy, problem, onSave, onCancel }: Props) {
  const { t } = useTranslation('reader');
  const { kind } = field;
  const given = kind === 'date' ? typedDate(value) : typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const [text, setText] = useState(given);
  const [wrong, setWrong] = useState<string>();
  const save = () => {
    const clean = text.trim();
    if (clean === given) return onCancel();
    if (clean === '') {
      if (kind === 'title') setWrong(t('info.titleMissing'));
      else onSave(null);
      return;
    }
    if (kind !== 'date') return onSave(clean);
    const date = readDate(clean);
    if (date) onSave(date);
    else setWrong(t('info.dateWrong'));
  };
  const input = {
    'aria-label': label,
    'data-kind': kind,
    classNames: { input: classes.input ?? '' },
    value: text,
    error: (wrong ?? problem) !== undefined,
    autoFocus: true,
    onChange: (event: { currentTarget: { value: string } }) => {
      setText(event.currentTarget.value);
      setWrong(undefined);
    },
  };
  // Of a list in one line, the last part goes on.
  const before = field.id === 'keyword' ? text.slice(0, text.lastIndexOf(',') + 1) : '';
  const going = text.slice(before.length).trim();
  const found = useCompletions(libraryId, field, text === given ? '' : going);
  const further = found.flatMap((one) => (typeof one === 'string' && one !== going ? [before ? `${before} ${one}` : one] : []));
  return (
    <Form label={label} busy={busy} onSave={save} onCancel={onCancel} problem={wrong ?? problem}>
      {field.completes ? (
        <Autocomplete
          {...input}
          onChange={(typed) => {
            setText(typed);
            setWrong(undefined);
          }}
          data={[...new Set(further)]}
          // The server has found them, and by more than these letters.
          filter={({ options }) => options}
        />
      ) : kind === 'title' || kind === 'text' ? (
        <Textarea {...input} autosize minRows={2} maxRows={16} onKeyDown={(event) => submitOn(event, kind === 'title' || event.ctrlKey || event.metaKey)} />
      ) : (
        <TextInput {...input} placeholder={kind === 'date' ? t('info.dateHint') : kind === 'language' ? t('info.languageHint') : undefined} />
      )}
    </Form>
  );
}

/** Enter ends a line of its own only where a text has lines. */
function submitOn(event: KeyboardEvent<HTMLTextAreaElement>, submits: boolean) {
  if (event.key !== 'Enter' || !submits || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

interface Row {
  key: number;
  /** What is typed; `organisation` has its name in `family`. */
  given: string;
  family: string;
  organisation: boolean;
  /** The name as it was, with what is not shown of it. */
  from: Name | undefined;
}

const familyOf = (name: Name) => [name['non-dropping-particle'], name.family, name.suffix].filter(Boolean).join(' ');

const rowOf = (name: Name, key: number): Row => ({
  key,
  given: [name.given, name['dropping-particle']].filter(Boolean).join(' '),
  family: name.literal ?? familyOf(name),
  organisation: Boolean(name.literal),
  from: name,
});

/** The name that a row says; one that was not touched stays as it was, with all its parts. */
function nameOf(row: Row): Name {
  const { from, given, family, organisation, key } = row;
  if (from) {
    const before = rowOf(from, key);
    if (before.given === given && before.family === family && before.organisation === organisation) return from;
  }
  const {
    family: _family,
    given: _given,
    literal: _literal,
    suffix: _suffix,
    'dropping-particle': _dropping,
    'non-dropping-particle': _nonDropping,
    ...rest
  } = from ?? {};
  const clean = (text: string) => text.trim().replace(/\s+/g, ' ');
  if (organisation) return { ...rest, literal: clean(family) };
  return { ...rest, ...(clean(family) ? { family: clean(family) } : {}), ...(clean(given) ? { given: clean(given) } : {}) };
}

function NamesForm({ libraryId, field, label, value, busy, problem, onSave, onCancel }: Props) {
  const { t } = useTranslation('reader');
  const [rows, setRows] = useState(() => {
    const names = namesOf(value).map(rowOf);
    return names.length > 0 ? names : [{ key: 0, given: '', family: '', organisation: false, from: undefined }];
  });
  const next = useRef(rows.length);
  const list = useRef<HTMLOListElement>(null);
  // Which field takes the focus after the list has changed.
  const [wish, setWish] = useState<{ key: number; part: string }>();
  useEffect(() => {
    if (wish) list.current?.querySelector<HTMLElement>(`[data-row="${wish.key}"] [data-part="${wish.part}"]`)?.focus();
  }, [wish]);

  // What is typed now; the other names of the list wait.
  const [typing, setTyping] = useState({ key: -1, text: '' });
  const found = useCompletions(libraryId, field, typing.text);
  const known = new Map(found.flatMap((one) => (typeof one === 'string' ? [] : [[nameText(one), one] as const])));
  const change = (key: number, part: Partial<Row>) => setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = (organisation: boolean) => {
    const key = next.current++;
    setRows((all) => [...all, { key, given: '', family: '', organisation, from: undefined }]);
    setWish({ key, part: organisation ? 'family' : 'given' });
  };
  const move = (at: number, by: -1 | 1) => {
    const row = rows[at];
    if (!row) return;
    setRows(rows.with(at, rows[at + by]!).with(at + by, row));
    const end = at + by === 0 || at + by === rows.length - 1;
    setWish({ key: row.key, part: end ? (by < 0 ? 'down' : 'up') : by < 0 ? 'up' : 'down' });
  };
  const remove = (at: number) => {
    const after = rows.toSpliced(at, 1);
    setRows(after);
    const beside = after[Math.min(at, after.length - 1)];
    if (beside) setWish({ key: beside.key, part: 'remove' });
  };
  const save = () => {
    const names = rows.filter(({ given, family }) => given.trim() || family.trim()).map(nameOf);
    const before = namesOf(value);
    if (names.length === before.length && names.every((name, i) => name === before[i])) onCancel();
    else onSave(names.length > 0 ? names : null);
  };
  return (
    <Form label={label} busy={busy} onSave={save} onCancel={onCancel} problem={problem}>
      <ol ref={list} className={classes.names}>
        {rows.map((row, at) => {
          const who = nameText(nameOf(row)) || t('info.name.nth', { n: at + 1 });
          return (
            <li key={row.key} data-row={row.key} className={classes.name}>
              {row.organisation ? null : (
                <TextInput
                  classNames={{ root: classes.given ?? '', input: classes.input ?? '' }}
                  aria-label={t('info.name.given', { n: at + 1 })}
                  placeholder={t('info.name.givenHint')}
                  data-part="given"
                  autoFocus={at === 0}
                  value={row.given}
                  onChange={(event) => change(row.key, { given: event.currentTarget.value })}
                />
              )}
              <Autocomplete
                classNames={{ root: classes.family ?? '', input: classes.input ?? '' }}
                aria-label={t(row.organisation ? 'info.name.organisation' : 'info.name.family', { n: at + 1 })}
                placeholder={t(row.organisation ? 'info.name.organisationHint' : 'info.name.familyHint')}
                data-part="family"
                value={row.family}
                onChange={(text) => {
                  setTyping({ key: row.key, text });
                  const chosen = known.get(text);
                  change(row.key, chosen && typing.key === row.key ? rowOf(chosen, row.key) : { family: text });
                }}
                data={typing.key === row.key ? [...known.keys()] : []}
                filter={({ options }) => options}
              />
              <span className={classes.nameTools}>
                <Small label={t('info.name.up', { name: who })} part="up" disabled={at === 0} onClick={() => move(at, -1)}>
                  <ArrowUp size={15} strokeWidth={1.75} aria-hidden />
                </Small>
                <Small label={t('info.name.down', { name: who })} part="down" disabled={at === rows.length - 1} onClick={() => move(at, 1)}>
                  <ArrowDown size={15} strokeWidth={1.75} aria-hidden />
                </Small>
                <Small label={t('info.name.remove', { name: who })} part="remove" onClick={() => remove(at)}>
                  <X size={15} strokeWidth={1.75} aria-hidden />
                </Small>
              </span>
            </li>
          );
        })}
      </ol>
      <div className={classes.adds}>
        <Button variant="subtle" size="compact-sm" onClick={() => add(false)}>
          {t('info.name.add')}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={() => add(true)}>
          {t('info.name.addOrganisation')}
        </Button>
      </div>
    </Form>
  );
}

function Small({ label, part, disabled = false, onClick, children }: { label: string; part: string; disabled?: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} data-part={part} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface FormProps {
  label: string;
  busy: boolean;
  problem?: string | undefined;
  onSave: () => void;
  onCancel: () => void;
  children: ReactNode;
}

function Form({ label, busy, problem, onSave, onCancel, children }: FormProps) {
  const { t } = useTranslation('reader');
  const { t: app } = useTranslation('app');
  return (
    <form
      className={classes.form}
      aria-label={t('info.correct', { field: label })}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) onSave();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      {children}
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
      <div className={classes.buttons}>
        <Button type="submit" size="compact-md" loading={busy}>
          {t('info.save')}
        </Button>
        <Button variant="default" size="compact-md" onClick={onCancel}>
          {app('cancel')}
        </Button>
      </div>
    </form>
  );
}
