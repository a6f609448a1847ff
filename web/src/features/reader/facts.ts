/** The facts about a document: in which order, as which kind of value, and as text to show and to type. */
import type { DocumentDetail } from '../../lib/api';
import { formatDay, formatLanguage } from '../../lib/format';
import { nameText } from '../../lib/names';

export type Claim = DocumentDetail['claims'][number];
type CslItem = DocumentDetail['csl'];
export type Name = NonNullable<CslItem['author']>[number];

/** How a value is typed in. */
type Kind = 'title' | 'line' | 'text' | 'names' | 'date' | 'doi' | 'url' | 'language';

export interface Field {
  /** A CSL variable. */
  readonly id: FieldId;
  readonly kind: Kind;
  /** Said to be missing when it is; the others are left out. */
  readonly expected?: boolean;
}

const fieldIds = [
  'title',
  'author',
  'issued',
  'container-title',
  'volume',
  'issue',
  'page',
  'number',
  'edition',
  'editor',
  'collection-title',
  'event-title',
  'publisher',
  'publisher-place',
  'DOI',
  'PMID',
  'ISBN',
  'ISSN',
  'URL',
  'language',
  'keyword',
  'abstract',
  'note',
] as const;
export type FieldId = (typeof fieldIds)[number];

const kinds: Partial<Record<FieldId, Kind>> = {
  title: 'title',
  author: 'names',
  editor: 'names',
  issued: 'date',
  DOI: 'doi',
  URL: 'url',
  language: 'language',
  abstract: 'text',
  note: 'text',
};
const expected: readonly FieldId[] = ['title', 'author', 'issued', 'DOI'];

export const fields: readonly Field[] = fieldIds.map((id) => ({
  id,
  kind: kinds[id] ?? 'line',
  expected: expected.includes(id),
}));

/** What each source says about a field, the shown one first, then the surest. */
export function claimsOf(document: Pick<DocumentDetail, 'claims'>, field: FieldId): readonly Claim[] {
  return document.claims
    .filter((claim) => claim.field === field)
    .toSorted((a, b) => Number(b.shown) - Number(a.shown) || b.confidence - a.confidence);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The names of a claim; what is no name is left out. */
export const namesOf = (value: unknown): Name[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const two = (part: number) => String(part).padStart(2, '0');

/** A date as it is typed, "2019-05-03", as far as it is known; a range has a slash. */
export function dateText(value: unknown): string {
  if (!isRecord(value)) return '';
  const parts = value['date-parts'];
  if (!Array.isArray(parts)) return typeof value.literal === 'string' ? value.literal : '';
  return parts
    .filter(Array.isArray)
    .map((date: unknown[]) => date.map((part, i) => (i === 0 ? String(part) : two(Number(part)))).join('-'))
    .join('/');
}

/** The date that was typed; undefined when it is none. */
export function readDate(text: string): { 'date-parts': number[][] } | undefined {
  const dates = text.split('/').map((one) => {
    const match = /^(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(one.trim());
    return match?.slice(1).filter((part) => part !== undefined).map(Number);
  });
  if (dates.length > 2 || dates.some((date) => !date)) return undefined;
  return { 'date-parts': dates as number[][] };
}

/** A date in words, as exact as it is known. */
export function dateWords(value: unknown): string {
  const typed = dateText(value);
  if (!/^\d{4}(-\d{2}){0,2}$/.test(typed)) return typed;
  const [year = 0, month, day] = typed.split('-').map(Number);
  return month === undefined ? String(year) : formatDay(year, month, day);
}

/** A value in one line, as it is shown among other readings. */
export function valueText(field: Field, value: unknown): string {
  switch (field.kind) {
    case 'names':
      return namesOf(value).map(nameText).join(', ');
    case 'date':
      return dateWords(value);
    case 'language':
      return typeof value === 'string' ? formatLanguage(value) : '';
    default:
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }
}

/** Whether an address is one that a link may lead to. */
export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text);
