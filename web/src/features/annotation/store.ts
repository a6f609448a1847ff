/**
 * Where unconfirmed changes outlive their tab: a row per change in IndexedDB, one
 * database per person so that two people at one machine never see each other's.
 */
import type { Change } from './changes';

export interface Store {
  /** In the order in which they were put first. */
  all(): Promise<Change[]>;
  put(change: Change): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  close(): void;
  /** False when nothing outlives the tab. */
  readonly lasting: boolean;
}

/** For browsers without IndexedDB, and for tests. */
export class MemoryStore implements Store {
  readonly lasting = false;
  readonly #rows = new Map<string, Change>();

  async all(): Promise<Change[]> {
    return [...this.#rows.values()];
  }

  async put(change: Change): Promise<void> {
    this.#rows.set(change.id, change);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#rows.delete(id);
  }

  close(): void {}
}

const version = 1;
const table = 'changes';

/** Opens the person's store; falls back to memory where the browser refuses. */
export async function openStore(personId: string): Promise<Store> {
  try {
    return new DiskStore(await open(`scrollkeeper-changes/${personId}`));
  } catch {
    return new MemoryStore();
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(table, { keyPath: 'id' });
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

class DiskStore implements Store {
  readonly lasting = true;
  readonly #db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  all(): Promise<Change[]> {
    return new Promise((resolve, reject) => {
      const request = this.#db.transaction(table).objectStore(table).getAll() as IDBRequest<Change[]>;
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
    });
  }

  put(change: Change): Promise<void> {
    return this.#write((rows) => rows.put(change));
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#write((rows) => {
      for (const id of ids) rows.delete(id);
    });
  }

  #write(act: (rows: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction(table, 'readwrite', { durability: 'strict' });
      act(transaction.objectStore(table));
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'));
    });
  }

  close(): void {
    this.#db.close();
  }
}
