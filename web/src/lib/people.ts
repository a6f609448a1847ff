/** How a person looks: one colour for life, taken from the id, and initials. */

// White text on each is 5.6:1 or better. Never used for anything but people.
export const personColours = ['#0f6f68', '#2461ac', '#97377f', '#a34a12', '#3e7428', '#4f5f78', '#7149c6', '#9a2f3f'] as const;

/** The person's colour; the same on every device and for everybody (FNV-1a of the id). */
export function personColour(id: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) {
    hash ^= id.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return personColours[hash % personColours.length] ?? personColours[0];
}

/** One or two letters: of the first and the last word of the name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last].map((word) => (word ? ([...word][0] ?? '') : '')).join('').toLocaleUpperCase();
}

/** What to call somebody in a greeting. */
export const firstName = (name: string): string => name.trim().split(/\s+/u)[0] ?? name;
