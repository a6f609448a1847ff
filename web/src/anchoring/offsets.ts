/**
 * Offsets into text. The server counts Unicode code points; JavaScript strings
 * count UTF-16 units, so the two part after the first character beyond the
 * Basic Multilingual Plane (most mathematical letters of a paper are).
 */

/**
 * The UTF-16 offset of the code point number `codePoints`. An offset past the
 * end gives the text's length, a negative one 0.
 */
export function utf16Offset(text: string, codePoints: number): number {
  let at = 0;
  for (let left = codePoints; left > 0 && at < text.length; left--) {
    at += unitsAt(text, at);
  }
  return at;
}

/**
 * How many code points begin before the UTF-16 offset `units`. Inside a
 * surrogate pair, the pair counts as begun.
 */
export function codePointOffset(text: string, units: number): number {
  let count = 0;
  for (let at = 0; at < units && at < text.length; at += unitsAt(text, at)) count++;
  return count;
}

function unitsAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
