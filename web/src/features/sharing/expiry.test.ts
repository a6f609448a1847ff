import { describe, expect, it } from 'vitest';
import { expiryOf, isOver } from './expiry';

const now = new Date('2026-03-01T12:00:00Z');

describe('expiryOf', () => {
  it('counts days, over the end of a month', () => {
    expect(expiryOf('7', now)).toBe('2026-03-08T12:00:00.000Z');
    expect(new Date(expiryOf('30', now) ?? '').getTime() - now.getTime()).toBeGreaterThan(29.9 * 86_400_000);
  });
  it('has no end for never', () => expect(expiryOf('never', now)).toBeUndefined());
});

describe('isOver', () => {
  it('is so from the very moment', () => {
    expect(isOver('2026-03-01T12:00:00Z', now)).toBe(true);
    expect(isOver('2026-03-01T12:00:01Z', now)).toBe(false);
    expect(isOver(null, now)).toBe(false);
  });
});
