/** Which marks are shown. */
import type { Annotation, Meaning } from '../../lib/api';
import { meanings } from './meanings';
import { mentionedIn, plainText } from './mentions';
import { isNote } from './note';

export interface Filter {
  readonly text: string;
  readonly people: readonly string[];
  readonly meanings: readonly Meaning[];
  readonly state: 'all' | 'open' | 'resolved';
  readonly mine: boolean;
  readonly mentionsMe: boolean;
}

export const noFilter: Filter = { text: '', people: [], meanings: [], state: 'all', mine: false, mentionsMe: false };


/** A person by id, or by name where there is no account. */
export const personKey = ({ id, name }: { id: string | null; name: string }): string => id ?? `name:${name}`;

/** How many kinds of choice are set. */
export function countSet(filter: Filter): number {
  return (
    Number(filter.text.trim() !== '') +
    Number(filter.people.length > 0) +
    Number(filter.meanings.length > 0) +
    Number(filter.state !== 'all') +
    Number(filter.mine) +
    Number(filter.mentionsMe)
  );
}

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase();

/** Everybody who wrote in a thread. */
const writers = (mark: Annotation) => [mark.author, ...mark.replies.filter((r) => r.deleted_at === null).map((r) => r.author)];

export function matches(mark: Annotation, filter: Filter, myId: string): boolean {
  // A note on the document has no meaning.
  if (filter.meanings.length > 0 && (isNote(mark) || !filter.meanings.includes(mark.meaning))) return false;
  if (filter.state !== 'all' && (filter.state === 'resolved') !== (mark.resolved_at !== null)) return false;
  if (filter.mine && mark.author.id !== myId) return false;
  if (filter.people.length > 0 && !writers(mark).some((person) => filter.people.includes(personKey(person)))) return false;
  if (filter.mentionsMe) {
    const asked = mark.assignee?.id === myId;
    if (!asked && ![mark.body, ...mark.replies.map((reply) => reply.body)].some((body) => mentionedIn(body).includes(myId))) return false;
  }
  const wanted = fold(filter.text.trim());
  if (wanted === '') return true;
  return [mark.body, mark.anchor.exact, ...mark.replies.map((reply) => reply.body)].some((text) =>
    fold(plainText(text)).includes(wanted),
  );
}

export interface Counts {
  readonly people: readonly { key: string; id: string | null; name: string; count: number }[];
  readonly meanings: Readonly<Record<Meaning, number>>;
  readonly open: number;
  readonly resolved: number;
  readonly mine: number;
  readonly mentionsMe: number;
}

/** How many marks each choice would show by itself. */
export function countAll(marks: readonly Annotation[], myId: string): Counts {
  const people = new Map<string, { key: string; id: string | null; name: string; count: number }>();
  for (const mark of marks) {
    const seen = new Set<string>();
    for (const person of writers(mark)) {
      const key = personKey(person);
      if (seen.has(key)) continue;
      seen.add(key);
      const known = people.get(key) ?? { key, ...person, count: 0 };
      people.set(key, { ...known, count: known.count + 1 });
    }
  }
  const of = (filter: Partial<Filter>) => marks.filter((mark) => matches(mark, { ...noFilter, ...filter }, myId)).length;
  return {
    people: [...people.values()].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name)),
    meanings: Object.fromEntries(meanings.map((meaning) => [meaning, of({ meanings: [meaning] })])) as Record<Meaning, number>,
    open: of({ state: 'open' }),
    resolved: of({ state: 'resolved' }),
    mine: of({ mine: true }),
    mentionsMe: of({ mentionsMe: true }),
  };
}
