import { describe, expect, it } from 'vitest';
import { clampScale, largestScale, nextStep, smallestScale } from './zoom';

describe('nextStep', () => {
  it('goes to the next usual scale from any other', () => {
    expect(nextStep(1, 1)).toBe(1.1);
    expect(nextStep(1.283, 1)).toBe(1.5);
    expect(nextStep(1.283, -1)).toBe(1.25);
  });

  it('does not stop at a scale that looks the same', () => {
    expect(nextStep(0.998, 1)).toBe(1.1);
    expect(nextStep(1.002, -1)).toBe(0.9);
  });

  it('stays between the ends', () => {
    expect(nextStep(largestScale, 1)).toBe(largestScale);
    expect(nextStep(smallestScale, -1)).toBe(smallestScale);
    expect(clampScale(100)).toBe(largestScale);
    expect(clampScale(0)).toBe(smallestScale);
  });
});
