/** From a drop, a picker or the clipboard to files with the folder they came in. */

export interface Picked {
  file: File;
  /** `a/b` without the file's name and without slashes at the ends; empty for a single file. */
  path: string;
}

/** What systems leave in folders and nobody means to upload. */
const CLUTTER = new Set(['thumbs.db', 'desktop.ini', '__macosx', '$recycle.bin']);

const isClutter = (name: string): boolean => name.startsWith('.') || CLUTTER.has(name.toLowerCase());

const within = (path: string, name: string): string => (path ? `${path}/${name}` : name);

/** From `<input type=file>`, with or without `webkitdirectory`. */
export function fromInput(files: Iterable<File>): Picked[] {
  const picked: Picked[] = [];
  for (const file of files) {
    const parts = file.webkitRelativePath.split('/');
    const folders = parts.slice(0, -1);
    // A file picked by name is meant, whatever its name; in a folder the hidden ones are not.
    if (parts.length > 1 && parts.some(isClutter)) continue;
    picked.push({ file, path: folders.join('/') });
  }
  return picked;
}

/** Whether a drag or a paste carries files at all (and not text or a link). */
export const carriesFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

/**
 * Everything that was dropped or pasted, folders walked to their ends. Must be
 * called inside the event's handler: the browser empties the list right after.
 * What cannot be read in a folder is left out; `onUnreadable` counts it.
 */
export function fromTransfer(data: DataTransfer, onUnreadable: (name: string) => void = () => undefined): Promise<Picked[]> {
  const roots: FileSystemEntry[] = [];
  const loose: Picked[] = [];
  for (const item of data.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.();
    if (entry?.isDirectory) {
      roots.push(entry);
      continue;
    }
    const file = item.getAsFile();
    if (file) loose.push({ file, path: '' });
  }
  return walk(roots, onUnreadable).then((found) => [...loose, ...found]);
}

async function walk(roots: FileSystemEntry[], onUnreadable: (name: string) => void): Promise<Picked[]> {
  const found: Picked[] = [];
  const open = roots.map((entry) => ({ entry, path: '' }));
  // A list and not recursion: a folder may be deeper than the stack.
  for (let next = open.shift(); next; next = open.shift()) {
    const { entry, path } = next;
    // The root was dropped by name; what is hidden inside it was not.
    if (path && isClutter(entry.name)) continue;
    try {
      if (isDirectory(entry)) {
        const inside = within(path, entry.name);
        const children = await readAll(entry.createReader());
        open.unshift(...children.filter((child) => !isClutter(child.name)).map((child) => ({ entry: child, path: inside })));
      } else if (isFile(entry)) {
        found.push({ file: await fileOf(entry), path });
      }
    } catch {
      onUnreadable(entry.name);
    }
  }
  return found;
}

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** readEntries gives at most 100 at a time and an empty list at the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    all.push(...batch);
  }
}
