import { ActionIcon, Button, Popover, Tooltip } from '@mantine/core';
import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentDetail } from '../../lib/api';
import { formatDate } from '../../lib/format';
import { sentence } from '../../lib/problem';
import { toastError } from '../../ui/toast';
import { FactForm } from './FactForm';
import classes from './Fact.module.css';
import { claimsOf, valueText, type Claim, type Field, type FieldId } from './facts';
import { personWord, useCorrection } from './useCorrection';
import { useTypeText } from './useTypeText';

interface Props {
  document: DocumentDetail;
  field: Field;
  /** Names the fields, to be read. */
  label: (field: FieldId) => string;
  mayCorrect: boolean;
  /** How the value is shown; null when there is none. */
  children: ReactNode;
  /** Begin with the form open, as for a field that was just added. */
  editing?: boolean;
  onEnd?: (() => void) | undefined;
}

/** One fact with where it is from, to be corrected in its place. */
export function Fact({ document, field, label, mayCorrect, children, editing: first = false, onEnd }: Props) {
  const { t } = useTranslation('reader');
  const [editing, setEditing] = useState(first);
  const pencil = useRef<HTMLButtonElement>(null);
  const correction = useCorrection(document, label);
  const claims = claimsOf(document, field.id);
  const shown = claims.find((claim) => claim.shown);
  const word = personWord(document, field.id);
  const revision = word?.revision ?? 0;
  const name = label(field.id);
  const missing = children === null || children === undefined || children === '';

  const begin = () => {
    if (!mayCorrect) return;
    correction.reset();
    setEditing(true);
  };
  const end = () => {
    setEditing(false);
    ended.current = true;
    onEnd?.();
  };
  // The focus comes back to where the form began.
  const ended = useRef(false);
  useEffect(() => {
    if (editing || !ended.current) return;
    ended.current = false;
    pencil.current?.focus();
  }, [editing]);
  const say = (value: unknown) => correction.mutate({ field: field.id, value, revision }, { onSuccess: end });

  if (editing) {
    return (
      <FactForm
        libraryId={document.library_id}
        field={field}
        label={name}
        value={shown?.value}
        busy={correction.isPending}
        problem={correction.error ? sentence(correction.error) : undefined}
        onSave={say}
        onCancel={end}
      />
    );
  }
  return (
    <div className={classes.fact} data-kind={field.kind} data-missing={missing || undefined}>
      <div
        className={classes.value}
        data-may={mayCorrect || undefined}
        // For the pointer; by keys it is the button's.
        onClick={(event) => {
          const onLink = event.target instanceof Element && event.target.closest('a, button') !== null;
          if (!onLink && (window.getSelection()?.isCollapsed ?? true)) begin();
        }}
      >
        {missing ? t('info.unknown') : children}
      </div>
      <span className={classes.tools}>
        {mayCorrect ? (
          <Tooltip label={t('info.correct', { field: name })}>
            <ActionIcon ref={pencil} className={classes.pencil} variant="subtle" color="gray" size={24} aria-label={t('info.correct', { field: name })} onClick={begin}>
              <Pencil size={14} strokeWidth={1.75} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ) : null}
        {shown ? (
          <Readings
            claims={claims}
            shown={shown}
            field={field}
            name={name}
            onUse={mayCorrect ? (claim) => correction.mutate({ field: field.id, value: claim.value, revision }, { onError: toastError }) : undefined}
            onTakeBack={
              mayCorrect && word ? () => correction.mutate({ field: field.id, revision }, { onError: toastError }) : undefined
            }
          />
        ) : null}
      </span>
    </div>
  );
}

interface ReadingsProps {
  claims: readonly Claim[];
  shown: Claim;
  field: Field;
  name: string;
  onUse: ((claim: Claim) => void) | undefined;
  onTakeBack: (() => void) | undefined;
}

/** Where a fact is from, in a word; the button shows what other places say. */
function Readings({ claims, shown, field, name, onUse, onTakeBack }: ReadingsProps) {
  const { t } = useTranslation('reader');
  const [open, setOpen] = useState(false);
  const where = useWhere();
  const others = claims.filter((claim) => claim !== shown);
  const wide = field.kind === 'title' || field.kind === 'text';
  const read = others.find(({ source }) => source !== 'person');
  const typeText = useTypeText();
  return (
    <Popover opened={open} onChange={setOpen} position={wide ? 'bottom-start' : 'bottom-end'} width={300} shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Tooltip label={where(shown).sentence} disabled={open}>
          <button
            type="button"
            className={classes.source}
            aria-label={t('info.from', { field: name, source: where(shown).sentence })}
            onClick={() => setOpen(!open)}
          >
            {where(shown).word}
            {others.length > 0 ? <span className={classes.more}>+{others.length}</span> : null}
          </button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.readings} aria-label={t('info.readings', { field: name })}>
        <ul>
          {claims.map((claim) => (
            <li key={claim.source} aria-current={claim.shown || undefined}>
              <p className={classes.reading}>
                {(field.kind === 'type' ? typeText(claim.value) : valueText(field, claim.value)) || t('info.none')}
              </p>
              {rawOf(claim.value) ? <p className={classes.where}>{t('info.entered', { raw: rawOf(claim.value) })}</p> : null}
              <p className={classes.where}>
                {where(claim).sentence}
                {claim.source === 'person' ? '' : ` · ${t('info.sure', { percent: Math.round(claim.confidence * 100) })}`}
                {claim.shown ? ` · ${t('info.shown')}` : ''}
              </p>
              {!claim.shown && onUse && valueText(field, claim.value) !== valueText(field, shown.value) ? (
                <Button
                  className={classes.use}
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => {
                    setOpen(false);
                    onUse(claim);
                  }}
                >
                  {t('info.use')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
        {onTakeBack ? (
          <Button
            variant="default"
            size="compact-md"
            fullWidth
            onClick={() => {
              setOpen(false);
              onTakeBack();
            }}
          >
            {t(read ? 'info.takeBack' : 'info.forget')}
          </Button>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}

/** How a date was entered, where that was another way. */
const rawOf = (value: unknown): string => (typeof value === 'object' && value !== null && 'raw' in value && typeof value.raw === 'string' ? value.raw : '');

/** Where a claim is from: a word, and a sentence. */
function useWhere() {
  const { t } = useTranslation('reader');
  return ({ source, by, at }: Claim) => {
    if (source !== 'person') return { word: t(`info.source.${source}.word`), sentence: t(`info.source.${source}.sentence`) };
    const name = by?.name ?? t('info.somebody');
    return { word: name.split(' ')[0] ?? name, sentence: t('info.source.person', { name, date: formatDate(at, 'numeric') }) };
  };
}
