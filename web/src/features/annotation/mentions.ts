/** Mentions in a text: `@[Name](person:<uuid>)`. */

const pattern = /@\[([^\]\n]{1,200})\]\(person:([0-9a-fA-F-]{36})\)/g;

/** The ids of everybody mentioned, once each. */
export function mentionedIn(body: string): string[] {
  return [...new Set([...body.matchAll(pattern)].map(([, , id = '']) => id.toLowerCase()))];
}

/** Mentions as they are read: "@Ada Okonkwo". */
export const plainText = (body: string): string => body.replace(pattern, '@$1');

// A bracket would end the name too early.
const safeName = (name: string) => name.replace(/[[\]\n]/g, ' ').trim();

export const mention = (person: { id: string; name: string }): string => `@[${safeName(person.name)}](person:${person.id})`;

/**
 * What is being typed after an @ that begins a word, up to the caret: where the @
 * is and what follows it. Undefined when no mention is being written.
 */
export function mentionAt(text: string, caret: number): { from: number; query: string } | undefined {
  const match = /(?:^|[\s(])@([\p{L}\p{N}.'’_-]*(?: [\p{L}\p{N}.'’_-]*)?)$/u.exec(text.slice(0, caret));
  if (!match) return undefined;
  const query = match[1] ?? '';
  return { from: caret - query.length - 1, query };
}

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase();

/** Who may be meant: names with a word that begins so come first. */
export function suggest<P extends { name: string }>(people: readonly P[], query: string, most = 6): P[] {
  const wanted = fold(query);
  const rank = ({ name }: P) => {
    const folded = fold(name);
    if (folded.startsWith(wanted)) return 0;
    if (folded.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    return wanted !== '' && folded.includes(wanted) ? 2 : 3;
  };
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name))
    .slice(0, most)
    .map((found) => found.person);
}

/** A text as it is typed, with the ids of the names that stand after an @ in it. */
export interface Typed {
  readonly text: string;
  readonly people: ReadonlyMap<string, string>;
}

/** A body as one edits it: names in place of addresses. */
export function toTyped(body: string): Typed {
  const people = new Map<string, string>();
  for (const [, name = '', id = ''] of body.matchAll(pattern)) people.set(name, id);
  return { text: plainText(body), people };
}

/** What was typed as a body. Names that were not chosen from the list stay words. */
export function toBody({ text, people }: Typed): string {
  // The longest first: "@Ada Okonkwo" must not be taken for "@Ada".
  const names = [...people.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.replace(new RegExp(`@(${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'gu'), (_, name: string) =>
    mention({ name, id: people.get(name) ?? '' }),
  );
}
