/** The sentence around a range of a page's text. */
import { codePointOffset, utf16Offset } from './offsets';

// A "sentence" longer than this is a table or a list of references without full stops.
const longest = 700;

/**
 * The code points [start, end) of the sentence, or sentences, that hold
 * [start, end); never past the paragraph (a line break in the text). Undefined
 * when there is no such sentence of a readable length.
 */
export function sentenceAround(
  text: string,
  start: number,
  end: number,
  language = 'en',
): { start: number; end: number } | undefined {
  const from = utf16Offset(text, start);
  const to = utf16Offset(text, end);
  if (to <= from) return undefined;
  const paragraphStart = text.lastIndexOf('\n', from - 1) + 1;
  const nextBreak = text.indexOf('\n', to);
  const paragraph = text.slice(paragraphStart, nextBreak < 0 ? text.length : nextBreak);
  let first = -1;
  let last = -1;
  for (const { index, segment } of new Intl.Segmenter(language, { granularity: 'sentence' }).segment(
    paragraph,
  )) {
    const begin = paragraphStart + index;
    if (begin + segment.length <= from) continue;
    if (begin >= to) break;
    if (first < 0) first = begin;
    last = begin + segment.trimEnd().length;
  }
  if (first < 0 || last - first > longest) return undefined;
  return { start: codePointOffset(text, first), end: codePointOffset(text, last) };
}
