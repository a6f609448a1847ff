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

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of something, in lower case. */
export const parseId = (value: unknown): string | undefined => {
  const text = parseText(value) ?? '';
  return uuid.test(text) ? text.toLowerCase() : undefined;
};

/** "120-131": code points in the page's text, half-open. */
export const parseHit = (value: unknown): { start: number; end: number } | undefined => {
  const match = /^(\d{1,9})-(\d{1,9})$/.exec(parseText(value) ?? '');
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2]);
  return end > start ? { start, end } : undefined;
};

/** "a=<mark>&p=12", after the #: a mark and a page to look at. */
export const parsePlace = (hash: string): { mark: string | undefined; page: number | undefined } => {
  const params = new URLSearchParams(hash);
  return {
    mark: parseId(params.get('a')),
    page: parseWhole(params.get('p')),
  };
};
