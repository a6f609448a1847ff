/** Dates as people type them, and as CSL has them. */

export interface CslDate {
  'date-parts'?: number[][];
  /** 1 for spring to 4 for winter. */
  season?: string;
  circa?: boolean;
  /** Words that are no date, as "in press". */
  literal?: string;
  /** As it was typed, where that says more than the parts. */
  raw?: string;
}

const two = (part: number) => String(part).padStart(2, '0');

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const seasons = ['Spring', 'Summer', 'Autumn', 'Winter'];
const seasonNumbers: Readonly<Record<string, number>> = {
  spring: 1, summer: 2, autumn: 3, fall: 3, winter: 4,
  frühling: 1, frühjahr: 1, sommer: 2, herbst: 3,
};

/** The months' names and their short forms, in languages that papers are in. */
const months: ReadonlyMap<string, number> = new Map(
  ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl'].flatMap((language) =>
    (['long', 'short'] as const).flatMap((month) => {
      const format = new Intl.DateTimeFormat(language, { month, timeZone: 'UTC' });
      return Array.from({ length: 12 }, (_, i) => [format.format(Date.UTC(2020, i, 15)).toLowerCase().replace(/\.$/, ''), i + 1] as const);
    }),
  ),
);

const circa = /^(?:c\.|ca\.?|circa|um|~)\s*(?=\d)|\s*~$/i;

/** A date as it is typed, "2019-05-03", as far as it is known; a range has a slash. */
export function dateText(value: unknown): string {
  if (!isRecord(value)) return '';
  const parts = value['date-parts'];
  if (!Array.isArray(parts)) return typeof value.literal === 'string' ? value.literal : '';
  const text = parts
    .filter(Array.isArray)
    .map((date: unknown[]) => date.map((part, i) => (i === 0 ? String(part) : two(Number(part)))).join('-'))
    .join('/');
  const season = seasons[Number(value.season) - 1];
  return `${value.circa === true ? 'ca. ' : ''}${season ? `${season} ` : ''}${text}`;
}

/** The date as its person typed it, else as it would be typed. */
export const typedDate = (value: unknown): string => (isRecord(value) && typeof value.raw === 'string' ? value.raw : dateText(value));

/** The date that was typed; undefined where it seems to be one and is not understood. */
export function readDate(typed: string): CslDate | undefined {
  const raw = typed.trim().replace(/\s+/g, ' ');
  if (raw === '') return undefined;
  const text = raw.replace(circa, '');
  const about = text === raw ? {} : { circa: true };
  const found = /\d/.test(text) ? parts(text) : { literal: raw };
  if (!found) return undefined;
  const date = found.literal ? found : { ...found, ...about };
  return dateText(date) === raw ? date : date.literal ? date : { ...date, raw };
}

/** Year, month and day of "2019-05-03" or "3.5.2019", as far as they are given. */
function numbers(text: string): number[] | undefined {
  const yearFirst = /^(\d{1,4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text)?.slice(1);
  const dayFirst = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text)?.slice(1).toReversed();
  return (yearFirst ?? dayFirst)?.filter((part) => part !== undefined).map(Number);
}

function parts(text: string): CslDate | undefined {
  const range = text.split(/\s*(?:\/|–|—|--)\s*/).map(numbers);
  const dates = range.filter((date) => date !== undefined);
  if (range.length <= 2 && dates.length === range.length) return { 'date-parts': dates };
  let year: number | undefined;
  let month: number | undefined;
  let day: number | undefined;
  let season: number | undefined;
  for (const word of text.toLowerCase().match(/\p{L}+|\d+/gu) ?? []) {
    if (/^\d{4}$/.test(word) && year === undefined) year = Number(word);
    else if (/^\d{1,2}$/.test(word) && day === undefined) day = Number(word);
    else if (months.has(word) && month === undefined) month = months.get(word);
    else if (seasonNumbers[word] && season === undefined) season = seasonNumbers[word];
    // "3rd of May", "3 de mayo", "le 3 mai".
    else if (!['st', 'nd', 'rd', 'th', 'of', 'de', 'le', 'den', 'the'].includes(word)) return undefined;
  }
  if (year === undefined) return undefined;
  if (season !== undefined) return month === undefined && day === undefined ? { 'date-parts': [[year]], season: String(season) } : undefined;
  if (month === undefined) return undefined;
  return { 'date-parts': [day === undefined ? [year, month] : [year, month, day]] };
}
