/** The facts about a document: in which order, as which kind of value, and as text to show and to type. */
import type { DocumentDetail } from '../../lib/api';
import { formatDay, formatLanguage } from '../../lib/format';
import { nameText } from '../../lib/names';
import { dateText } from './dates';

export type Claim = DocumentDetail['claims'][number];
type CslItem = DocumentDetail['csl'];
export type Name = NonNullable<CslItem['author']>[number];

/** How a value is typed in. */
type Kind = 'title' | 'type' | 'line' | 'text' | 'names' | 'date' | 'doi' | 'url' | 'language';

export interface Field {
  /** A CSL variable. */
  readonly id: FieldId;
  readonly kind: Kind;
  /** Said to be missing when it is; the others are left out. */
  readonly expected?: boolean;
  /** Goes on as the library's other documents have it. */
  readonly completes: boolean;
}

/** All variables of a work, those that most papers have first. */
const fieldIds = [
  'title',
  'type',
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
  'PMCID',
  'ISBN',
  'ISSN',
  'URL',
  'accessed',
  'language',
  'license',
  'genre',
  'status',
  'archive',
  'archive_location',
  'title-short',
  'container-title-short',
  'part-title',
  'volume-title',
  'original-title',
  'reviewed-title',
  'translator',
  'container-author',
  'collection-editor',
  'editorial-director',
  'original-author',
  'reviewed-author',
  'contributor',
  'compiler',
  'illustrator',
  'recipient',
  'interviewer',
  'organizer',
  'chair',
  'composer',
  'curator',
  'director',
  'executive-producer',
  'guest',
  'host',
  'narrator',
  'performer',
  'producer',
  'script-writer',
  'series-creator',
  'submitted',
  'available-date',
  'event-date',
  'event-place',
  'original-date',
  'original-publisher',
  'original-publisher-place',
  'collection-number',
  'chapter-number',
  'number-of-pages',
  'number-of-volumes',
  'page-first',
  'part-number',
  'printing-number',
  'section',
  'supplement-number',
  'version',
  'authority',
  'jurisdiction',
  'division',
  'references',
  'reviewed-genre',
  'medium',
  'dimensions',
  'scale',
  'source',
  'call-number',
  'archive_collection',
  'archive-place',
  'keyword',
  'abstract',
  'note',
  'annote',
] as const satisfies readonly (keyof CslItem)[];
export type FieldId = (typeof fieldIds)[number];

const kinds: Partial<Record<FieldId, Kind>> = {
  title: 'title',
  type: 'type',
  ...Object.fromEntries(
    ([
      'author', 'editor', 'translator', 'container-author', 'collection-editor', 'editorial-director', 'original-author', 'reviewed-author',
      'contributor', 'compiler', 'illustrator', 'recipient', 'interviewer', 'organizer', 'chair', 'composer', 'curator', 'director',
      'executive-producer', 'guest', 'host', 'narrator', 'performer', 'producer', 'script-writer', 'series-creator',
    ] satisfies FieldId[]).map((id) => [id, 'names']),
  ),
  issued: 'date',
  accessed: 'date',
  submitted: 'date',
  'available-date': 'date',
  'event-date': 'date',
  'original-date': 'date',
  DOI: 'doi',
  URL: 'url',
  language: 'language',
  abstract: 'text',
  note: 'text',
  annote: 'text',
};
const expected: readonly FieldId[] = ['title', 'type', 'author', 'issued', 'DOI'];
/** What is each document's own: others have something else. */
const own: readonly FieldId[] = ['volume', 'issue', 'page', 'page-first', 'number', 'number-of-pages', 'PMID', 'PMCID', 'title-short', 'version'];

export const fields: readonly Field[] = fieldIds.map((id) => {
  const kind = kinds[id] ?? 'line';
  return { id, kind, expected: expected.includes(id), completes: (kind === 'line' && !own.includes(id)) || kind === 'names' };
});

/** The types of works of CSL 1.0.2, appendix III, those that papers mostly are first. */
export const types = [
  'article-journal', 'paper-conference', 'article', 'chapter', 'book', 'thesis', 'report', 'review', 'dataset', 'software', 'webpage', 'document',
  'article-magazine', 'article-newspaper', 'bill', 'broadcast', 'classic', 'collection', 'entry', 'entry-dictionary', 'entry-encyclopedia', 'event',
  'figure', 'graphic', 'hearing', 'interview', 'legal_case', 'legislation', 'manuscript', 'map', 'motion_picture', 'musical_score', 'pamphlet',
  'patent', 'performance', 'periodical', 'personal_communication', 'post', 'post-weblog', 'regulation', 'review-book', 'song', 'speech', 'standard',
  'treaty',
] as const;

/** What each source says about a field, the shown one first, then the surest. */
export function claimsOf(document: Pick<DocumentDetail, 'claims'>, field: FieldId): readonly Claim[] {
  return document.claims
    .filter((claim) => claim.field === field)
    .toSorted((a, b) => Number(b.shown) - Number(a.shown) || b.confidence - a.confidence);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The names of a claim; what is no name is left out. */
export const namesOf = (value: unknown): Name[] => (Array.isArray(value) ? value.filter(isRecord) : []);

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
