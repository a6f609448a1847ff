import { describe, expect, it } from 'vitest';
import { quadOf } from '../anchoring/quads';
import { inkPath, markBounds, quadsPath, underlinePath } from './shapes';
import { testViewport } from './viewport.testing';

describe('shapes', () => {
  const quad = quadOf([10, 730, 70, 810]);

  it('stand where the page shows them', () => {
    expect(quadsPath(testViewport(0), [quad])).toBe('M0 0H60V80H0Z');
    expect(quadsPath(testViewport(90), [quad])).toBe('M720 0H800V60H720Z');
    expect(inkPath(testViewport(0), [[10, 810, 20, 800]])).toBe('M0 0L10 10');
  });

  it('underline the edge that is below as the text reads, however the page is turned', () => {
    expect(underlinePath(testViewport(0), [quad], 0)).toBe('M0 80H60');
    expect(underlinePath(testViewport(90), [quad], 90)).toBe('M720 0V60');
    expect(underlinePath(testViewport(180), [quad], 180)).toBe('M540 720H600');
    expect(underlinePath(testViewport(270), [quad], 270)).toBe('M80 540V600');
    // A page that is turned by itself reads upright as shown.
    expect(underlinePath(testViewport(90), [quadOf([10, 730, 70, 810], 90)], 0)).toBe('M720 60H800');
  });

  it('have a box around all of them', () => {
    expect(markBounds({ quads: [quad], rect: [5, 5, 6, 6], paths: [[0, 900]] })).toEqual([0, 5, 70, 900]);
    expect(markBounds({ quads: [] })).toBeUndefined();
  });
});
