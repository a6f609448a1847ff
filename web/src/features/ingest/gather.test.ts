import { describe, expect, it, vi } from 'vitest';
import { fromInput, fromTransfer } from './gather';

type Tree = { [name: string]: Tree | string };

function fileEntry(name: string, fails = false): FileSystemEntry {
  const file = (done: (file: File) => void, failed: (error: Error) => void) =>
    fails ? failed(new DOMException('gone', 'NotFoundError')) : done(new File(['x'], name));
  return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
}

/** A folder that gives its entries a few at a time, as browsers do. */
function folder(name: string, tree: Tree, batch = 2): FileSystemEntry {
  const entries = Object.entries(tree).map(([child, inside]) =>
    typeof inside === 'string' ? fileEntry(child, inside === 'unreadable') : folder(child, inside, batch),
  );
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (done: (entries: FileSystemEntry[]) => void) => done(entries.slice(at, (at += batch))),
      };
    },
  } as unknown as FileSystemEntry;
}

const transfer = (...roots: (FileSystemEntry | File)[]) =>
  ({
    items: roots.map((root) =>
      root instanceof File
        ? { kind: 'file', webkitGetAsEntry: () => null, getAsFile: (): File => root }
        : { kind: 'file', webkitGetAsEntry: () => root, getAsFile: (): null => null },
    ),
  }) as unknown as DataTransfer;

const names = (picked: { file: File; path: string }[]) => picked.map(({ file, path }) => `${path}|${file.name}`);

describe('a drop', () => {
  it('walks folders to their ends, in batches, in the order of names', async () => {
    const tree = { 'b10.pdf': '', 'b2.pdf': '', 'a.pdf': '', sub: { deep: { 'x.pdf': '' } }, 'z.pdf': '' };
    expect(names(await fromTransfer(transfer(folder('papers', tree))))).toEqual([
      'papers|a.pdf',
      'papers|b2.pdf',
      'papers|b10.pdf',
      'papers/sub/deep|x.pdf',
      'papers|z.pdf',
    ]);
  });

  it('leaves out what systems hide in folders', async () => {
    const tree = { '.DS_Store': '', '._a.pdf': '', 'Thumbs.db': '', '.git': { 'x.pdf': '' }, __MACOSX: { 'y.pdf': '' }, 'a.pdf': '' };
    expect(names(await fromTransfer(transfer(folder('papers', tree))))).toEqual(['papers|a.pdf']);
  });

  it('takes loose files, also where the browser knows no entries', async () => {
    expect(names(await fromTransfer(transfer(new File(['x'], 'naïve 論文.pdf'))))).toEqual(['|naïve 論文.pdf']);
  });

  it('goes on after a file that is gone, and names it', async () => {
    const lost = vi.fn();
    const tree = { 'a.pdf': 'unreadable', 'b.pdf': '' };
    expect(names(await fromTransfer(transfer(folder('papers', tree)), lost))).toEqual(['papers|b.pdf']);
    expect(lost).toHaveBeenCalledExactlyOnceWith('a.pdf');
  });
});

describe('a picker', () => {
  const at = (path: string) => {
    const file = new File(['x'], path.split('/').at(-1) ?? '');
    Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
    return file;
  };

  it('keeps the folders and leaves out what is hidden in them', () => {
    const files = ['one.pdf', 'papers/a.pdf', 'papers/sub/b.pdf', 'papers/.DS_Store', 'papers/.cache/c.pdf'].map(at);
    expect(names(fromInput(files))).toEqual(['|one.pdf', 'papers|a.pdf', 'papers/sub|b.pdf']);
  });
});
