/** The library last looked at on this device; where the app opens. */
const key = 'scrollkeeper.library';

export const rememberedLibrary = (): string | null => localStorage.getItem(key);

export const rememberLibrary = (libraryId: string): void => localStorage.setItem(key, libraryId);

export const forgetLibrary = (): void => localStorage.removeItem(key);
