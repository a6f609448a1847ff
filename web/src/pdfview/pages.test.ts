import { describe, expect, it } from 'vitest';
import { percentBox } from './pages';
import { testViewport } from './viewport.testing';

const viewport = testViewport;

describe('percentBox', () => {
  it('measures from the top left of the page as shown', () => {
    // The upper left tenth of the page.
    expect(percentBox(viewport(0), [10, 730, 70, 810])).toEqual({ left: 0, top: 0, width: 10, height: 10 });
  });

  it('turns with the page', () => {
    expect(percentBox(viewport(90), [10, 730, 70, 810])).toEqual({ left: 90, top: 0, width: 10, height: 10 });
    expect(percentBox(viewport(180), [10, 730, 70, 810])).toEqual({ left: 90, top: 90, width: 10, height: 10 });
    expect(percentBox(viewport(270), [10, 730, 70, 810])).toEqual({ left: 0, top: 90, width: 10, height: 10 });
  });
});
