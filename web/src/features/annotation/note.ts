/** Notes on the whole document: marks without a place. Their title is a heading in the first line of their text. */
import type { Annotation } from '../../lib/api';

export const isNote = ({ kind }: Pick<Annotation, 'kind'>): boolean => kind === 'document';

/** The title of a note, empty without one, and the rest of its text. */
export function splitNote(body: string): { title: string; text: string } {
  const title = /^# +([^\n]+)(?:\n+|$)/.exec(body);
  return title ? { title: (title[1] ?? '').trim(), text: body.slice(title[0].length) } : { title: '', text: body };
}

/** The other way round. A title is one line. */
export function joinNote(title: string, text: string): string {
  const line = title.replace(/\s+/g, ' ').trim();
  return line === '' ? text : text === '' ? `# ${line}` : `# ${line}\n\n${text}`;
}
