/** Reading what stands in an address, where anybody may have written anything. */

export const parseText = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return text || undefined;
};

/** A whole number from 1, else undefined. */
export const parseWhole = (value: unknown): number | undefined => {
  const number = Number(parseText(value));
  return Number.isSafeInteger(number) && number >= 1 ? number : undefined;
};

/** "120-131": code points in the page's text, half-open. */
export const parseHit = (value: unknown): { start: number; end: number } | undefined => {
  const match = /^(\d{1,9})-(\d{1,9})$/.exec(parseText(value) ?? '');
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2]);
  return end > start ? { start, end } : undefined;
};
