/** Amounts, times and sentences of the tray, in the reader's language. */
import i18next from 'i18next';
import type { Item } from './queue';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

function unitOf(bytes: number): number {
  let unit = 0;
  for (let value = bytes; value >= 999.5 && unit < UNITS.length - 1; value /= 1000) unit++;
  return unit;
}

function inUnit(bytes: number, unit: number, whole: boolean): string {
  const digits = whole || unit < 2 ? 0 : 1;
  return new Intl.NumberFormat(i18next.language || 'en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(bytes / 1000 ** unit);
}

/** "1.4" of "2.1 MB": both in the unit of the total, and with its digits, so that only the first figure moves. */
export function amounts(sent: number, total: number): { sent: string; total: string } {
  const unit = unitOf(total);
  const whole = total / 1000 ** unit >= 19.95;
  return { sent: inUnit(sent, unit, whole), total: `${inUnit(total, unit, whole)} ${UNITS[unit] ?? ''}` };
}

/** "2.1 MB", in powers of 1000. */
export const amount = (bytes: number): string => amounts(0, bytes).total;

/** "11 s", "3 min", "2 h"; seconds in steps of five above twenty, so that they do not flicker. */
export function duration(seconds: number): string {
  if (seconds < 20) return i18next.t('ingest:left.seconds', { n: Math.max(1, Math.round(seconds)) });
  if (seconds < 90) return i18next.t('ingest:left.seconds', { n: Math.round(seconds / 5) * 5 });
  if (seconds < 5400) return i18next.t('ingest:left.minutes', { n: Math.round(seconds / 60) });
  return i18next.t('ingest:left.hours', { n: Math.round(seconds / 3600) });
}

/** What is wrong with a file, in one sentence. */
export function problemSentence(item: Item): string {
  const { problem } = item;
  if (!problem) return '';
  const ours = `ingest:problem.${problem.code}`;
  if (i18next.exists(ours)) return i18next.t(ours);
  return problem.detail || i18next.t('ingest:problem.failed');
}
