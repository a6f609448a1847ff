import i18next from 'i18next';
import type { ImportReport } from './api';

/** What became of an import, in plain words. */
export function reportOf({ imported, skipped, orphans }: ImportReport): string {
  const sentences = [imported > 0 ? i18next.t('transfer:imported', { count: imported }) : i18next.t('transfer:importedNone')];
  if (orphans > 0) sentences.push(i18next.t('transfer:orphans', { count: orphans }));
  if (skipped > 0) sentences.push(i18next.t('transfer:skipped', { count: skipped }));
  return sentences.join(' ');
}
