/** How long a link is good for, as one chooses it. */
export const lifetimes = ['7', '30', '90', '365', 'never'] as const;
export type Lifetime = (typeof lifetimes)[number];

/** The time at which a link that is made now runs out; undefined for never. */
export function expiryOf(lifetime: Lifetime, now: Date): string | undefined {
  if (lifetime === 'never') return undefined;
  const at = new Date(now);
  at.setDate(at.getDate() + Number(lifetime));
  return at.toISOString();
}

/** Whether a link has run out. */
export const isOver = (expiresAt: string | null, now: Date): boolean => expiresAt !== null && new Date(expiresAt) <= now;
