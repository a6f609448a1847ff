/** The names of authors, as CSL has them. */

export interface CslName {
  readonly family?: string | undefined;
  readonly given?: string | undefined;
  readonly literal?: string | undefined;
  readonly suffix?: string | undefined;
  readonly 'dropping-particle'?: string | undefined;
  readonly 'non-dropping-particle'?: string | undefined;
}

// Katakana alone are how foreign names are written, in their own order.
const eastAsian = /^(?=.*[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+$/u;

/** A name as it is read: "Ada Lovelace", "王建国". */
export function nameText(name: CslName): string {
  const { literal, family = '', given = '', suffix } = name;
  if (literal) return literal;
  if (family && given && eastAsian.test(family) && eastAsian.test(given)) return family + given;
  return [given, name['dropping-particle'], name['non-dropping-particle'], family, suffix].filter(Boolean).join(' ');
}
