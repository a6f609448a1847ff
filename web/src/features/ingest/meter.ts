/** A speed that neither jumps with every packet nor lags far behind. */

export interface Meter {
  /** Bytes a second, smoothed. */
  rate: number;
  /** When the rate was last brought up to date, in milliseconds; null before the first look. */
  at: number | null;
}

export const still: Meter = { rate: 0, at: null };

/** The weight of a look halves in about three seconds. */
const TAU_MS = 4000;

/**
 * The meter after `moved` further bytes by the time `now`. The first call only
 * sets the clock: what was sent before it took an unknown time.
 */
export function advance(meter: Meter, moved: number, now: number): Meter {
  if (meter.at === null) return { rate: 0, at: now };
  const elapsed = now - meter.at;
  // Two looks within a blink would divide by almost nothing.
  if (elapsed <= 0) return meter;
  const current = (Math.max(0, moved) * 1000) / elapsed;
  // The first real figure is taken as it stands, or the rate would climb from zero for seconds.
  const weight = meter.rate === 0 ? 1 : 1 - Math.exp(-elapsed / TAU_MS);
  return { rate: meter.rate + (current - meter.rate) * weight, at: now };
}

/** Seconds until `remaining` bytes are through; null while the speed is not known. */
export function secondsLeft(meter: Meter, remaining: number): number | null {
  if (remaining <= 0) return 0;
  // Below 1 kB/s a time would only frighten, and be wrong a moment later.
  return meter.rate < 1000 ? null : remaining / meter.rate;
}
