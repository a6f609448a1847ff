/**
 * Where the queue outlives its tab: a row per upload and the file's bytes, in
 * IndexedDB, one database per person so that two people at one machine never
 * see each other's.
 */
import type { Item } from './queue';

/** An item without what is only true while it is being sent. */
export type Row = Omit<Item, 'meter' | 'trouble' | 'kept'>;

export interface Store {
  rows(): Promise<Row[]>;
  put(row: Row): Promise<void>;
  /** Keeps the bytes. Rejects when there is no room. */
  keep(id: string, file: Blob): Promise<void>;
  /** The ids whose bytes are kept. */
  keptIds(): Promise<Set<string>>;
  file(id: string): Promise<Blob | null>;
  /** Forgets the bytes; the row stays. */
  dropFile(id: string): Promise<void>;
  /** Forgets both. */
  remove(ids: readonly string[]): Promise<void>;
  close(): void;
}

/** For browsers without IndexedDB, and for tests: nothing outlives the tab. */
export class MemoryStore implements Store {
  readonly #rows = new Map<string, Row>();
  readonly #files = new Map<string, Blob>();
  /** Bytes that may be kept; beyond it `keep` rejects as a full disk does. */
  room: number;

  constructor(room = 0) {
    this.room = room;
  }

  async rows(): Promise<Row[]> {
    return [...this.#rows.values()];
  }

  async put(row: Row): Promise<void> {
    this.#rows.set(row.id, row);
  }

  async keep(id: string, file: Blob): Promise<void> {
    const used = [...this.#files.values()].reduce((sum, kept) => sum + kept.size, 0);
    if (used + file.size > this.room) throw new DOMException('no room', 'QuotaExceededError');
    this.#files.set(id, file);
  }

  async keptIds(): Promise<Set<string>> {
    return new Set(this.#files.keys());
  }

  async file(id: string): Promise<Blob | null> {
    return this.#files.get(id) ?? null;
  }

  async dropFile(id: string): Promise<void> {
    this.#files.delete(id);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#rows.delete(id);
      this.#files.delete(id);
    }
  }

  close(): void {}
}

const VERSION = 1;
const ROWS = 'rows';
const FILES = 'files';

/** Opens the person's store; falls back to memory where the browser refuses. */
export async function openStore(personId: string): Promise<Store> {
  try {
    return new DiskStore(await open(`scrollkeeper-uploads/${personId}`));
  } catch {
    return new MemoryStore();
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ROWS, { keyPath: 'id' });
      // Apart from the rows: listing hundreds must not touch their bytes.
      request.result.createObjectStore(FILES);
    };
    request.onsuccess = () => {
      // A newer version of the app in another tab may change the database.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error('IndexedDB could not be opened'));
    request.onblocked = () => reject(new Error('IndexedDB is held by another tab'));
  });
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });

const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    // The quota error arrives on the transaction, often without one on the request.
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'));
  });

class DiskStore implements Store {
  readonly #db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  async rows(): Promise<Row[]> {
    return answer(this.#db.transaction(ROWS).objectStore(ROWS).getAll() as IDBRequest<Row[]>);
  }

  async put(row: Row): Promise<void> {
    const transaction = this.#db.transaction(ROWS, 'readwrite');
    transaction.objectStore(ROWS).put(row);
    await ended(transaction);
  }

  async keep(id: string, file: Blob): Promise<void> {
    const transaction = this.#db.transaction(FILES, 'readwrite');
    transaction.objectStore(FILES).put(file, id);
    await ended(transaction);
  }

  async keptIds(): Promise<Set<string>> {
    const keys = await answer(this.#db.transaction(FILES).objectStore(FILES).getAllKeys());
    return new Set(keys.map(String));
  }

  async file(id: string): Promise<Blob | null> {
    const found = await answer(this.#db.transaction(FILES).objectStore(FILES).get(id) as IDBRequest<Blob | undefined>);
    return found ?? null;
  }

  async dropFile(id: string): Promise<void> {
    const transaction = this.#db.transaction(FILES, 'readwrite');
    transaction.objectStore(FILES).delete(id);
    await ended(transaction);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const transaction = this.#db.transaction([ROWS, FILES], 'readwrite');
    for (const id of ids) {
      transaction.objectStore(ROWS).delete(id);
      transaction.objectStore(FILES).delete(id);
    }
    await ended(transaction);
  }

  close(): void {
    this.#db.close();
  }
}
