/** The five meanings: their keys, icons and names. */
import { useQuery } from '@tanstack/react-query';
import { CircleQuestionMark, EqualNot, FlaskConical, Quote, Star, type LucideIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Meaning } from '../../lib/api';
import { settingsQuery, type MeaningNames } from './api';

export const meanings: readonly Meaning[] = ['key', 'method', 'question', 'disagree', 'quote'];

export const meaningIcon: Readonly<Record<Meaning, LucideIcon>> = {
  key: Star,
  method: FlaskConical,
  question: CircleQuestionMark,
  disagree: EqualNot,
  quote: Quote,
};

/** What this library calls them. */
export function useMeaningNames(libraryId: string): MeaningNames {
  const { t } = useTranslation('annotation');
  const { data } = useQuery(settingsQuery(libraryId));
  return useMemo(
    () =>
      Object.fromEntries(
        meanings.map((meaning) => [meaning, data?.meanings[meaning].name || t(`meaning.${meaning}`)]),
      ) as MeaningNames,
    [data, t],
  );
}

const stored = 'scrollkeeper.annotation.last';

/** The meaning that was chosen last on this device. */
export function lastMeaning(): Meaning {
  try {
    const last = localStorage.getItem(stored);
    return meanings.find((meaning) => meaning === last) ?? 'key';
  } catch {
    return 'key';
  }
}

export function rememberMeaning(meaning: Meaning): void {
  try {
    localStorage.setItem(stored, meaning);
  } catch {
    // The next mark is a key point again.
  }
}
