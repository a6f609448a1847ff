import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.resetModules());

describe('a guest', () => {
  it('asks by the link, and others as before', async () => {
    const { apiPath, becomeGuest, isGuest } = await import('./guest');
    expect(apiPath('/api/documents/1')).toBe('/api/documents/1');
    expect(isGuest()).toBe(false);
    becomeGuest('0198');
    expect(isGuest()).toBe(true);
    expect(apiPath('/api/documents/1?x=/api/y')).toBe('/api/shared/0198/documents/1?x=/api/y');
    expect(apiPath('/elsewhere/api/1')).toBe('/elsewhere/api/1');
  });
});
