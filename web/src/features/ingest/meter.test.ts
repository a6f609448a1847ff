import { describe, expect, it } from 'vitest';
import { advance, secondsLeft, still } from './meter';

describe('the meter', () => {
  it('takes the first figure as it stands', () => {
    expect(advance(advance(still, 0, 0), 1e6, 1000).rate).toBe(1e6);
  });

  it('follows a change within some seconds, without a jump', () => {
    let meter = advance(advance(still, 0, 0), 250_000, 250);
    const before = meter.rate;
    meter = advance(meter, 500_000, 500);
    expect(meter.rate).toBeGreaterThan(before);
    expect(meter.rate).toBeLessThan(1.1 * before);
    for (let at = 750; at <= 15_000; at += 250) meter = advance(meter, 500_000, at);
    expect(meter.rate).toBeGreaterThan(1.9e6);
  });

  it('ignores two looks at the same moment', () => {
    const meter = advance(still, 0, 5);
    expect(advance(meter, 1000, 5)).toBe(meter);
  });

  it('tells no time at a standstill', () => {
    expect(secondsLeft({ rate: 0, at: 1 }, 100)).toBeNull();
    expect(secondsLeft({ rate: 50_000, at: 1 }, 100_000)).toBe(2);
    expect(secondsLeft({ rate: 0, at: 1 }, 0)).toBe(0);
  });
});
