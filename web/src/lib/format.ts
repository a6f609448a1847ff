/** Numbers, sizes, times and author lists as people read them. */
import i18next from 'i18next';

const locale = () => i18next.language || 'en';

export const formatNumber = (value: number): string => new Intl.NumberFormat(locale()).format(value);

/** Bytes in powers of 1000, as browsers and file managers show them: "2.1 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit >= 2 && value < 99.95 ? 1 : 0;
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value)} ${units[unit] ?? ''}`;
}

/** A limit in bytes, rounded down to what may be promised: "2 GB". */
export function formatLimit(bytes: number): string {
  const unit = bytes >= 1e9 ? 1e9 : bytes >= 1e6 ? 1e6 : 1e3;
  return formatBytes(Math.floor(bytes / unit) * unit);
}

/** For a column of dates: "now", "2 min", "3 h", "3 Nov", "3 Nov 2024". */
export function formatAgo(at: string, now = Date.now()): string {
  const then = new Date(at);
  const seconds = (now - then.getTime()) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (seconds < 60) return i18next.t('app:time.now');
  if (seconds < 3600) return i18next.t('app:time.minutes', { n: Math.floor(seconds / 60) });
  if (seconds < 86_400 && new Date(now).getDate() === then.getDate()) {
    return i18next.t('app:time.hours', { n: Math.floor(seconds / 3600) });
  }
  const sameYear = new Date(now).getFullYear() === then.getFullYear();
  return formatDate(at, sameYear ? undefined : 'numeric');
}

export function formatDate(at: string, year?: 'numeric'): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  // British order for English, as in the rest of the interface.
  const tag = locale() === 'en' ? 'en-GB' : locale();
  return new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year }).format(date);
}

/** A day of a calendar without a clock, as "3 May 2019"; "May 2019" where only the month is known. */
export function formatDay(year: number, month: number, day?: number): string {
  const tag = locale() === 'en' ? 'en-GB' : locale();
  const exact = day === undefined ? {} : ({ day: 'numeric' } as const);
  return new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', ...exact, timeZone: 'UTC' }).format(
    new Date(Date.UTC(year, month - 1, day ?? 1)),
  );
}

/** A language by its name, where the code is one: "de-AT" is "Austrian German". */
export function formatLanguage(code: string): string {
  try {
    return new Intl.DisplayNames(locale(), { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** In full, for a tooltip. */
export function formatMoment(at: string): string {
  const tag = locale() === 'en' ? 'en-GB' : locale();
  return new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));
}

/** Whole days from now until then, never below 0. */
export function daysLeft(until: string, now = Date.now()): number {
  return Math.max(0, Math.ceil((new Date(until).getTime() - now) / 86_400_000));
}

interface AuthorName {
  family?: string;
  given?: string;
  literal?: string;
}

export const authorName = (author: AuthorName): string => author.family || author.literal || author.given || '';

/** Family names: all of up to five, else the first four "and 12 more". */
export function formatAuthors(authors: AuthorName[]): string {
  const names = authors.map(authorName).filter(Boolean);
  if (names.length <= 5) return names.join(', ');
  return i18next.t('app:authors.more', { names: names.slice(0, 4).join(', '), n: names.length - 4 });
}

/** As a citation in running text: "Lapp and others 2022". */
export function formatByline(authors: AuthorName[], year: number | null): string {
  const names = authors.map(authorName).filter(Boolean);
  const who =
    names.length > 2
      ? i18next.t('app:authors.others', { name: names[0] })
      : names.length === 2
        ? i18next.t('app:authors.two', { first: names[0], second: names[1] })
        : (names[0] ?? '');
  return [who, year ?? ''].filter(Boolean).join(' ');
}
