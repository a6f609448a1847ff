/** Whether folders that are dropped become collections: a choice that this browser remembers. */
const KEY = 'scrollkeeper-folders-are-collections';

export function foldersAreCollections(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false; // storage may be forbidden
  }
}

export function rememberFolders(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'yes' : 'no');
  } catch {
    // It is asked anew the next time.
  }
}
