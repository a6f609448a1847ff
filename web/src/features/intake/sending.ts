/** A file on its way to the server. */
export interface Sending {
  readonly id: number;
  readonly libraryId: string;
  readonly name: string;
  readonly sent: number; // bytes
  readonly size: number; // bytes
}

/** The files on their way, wherever they were dropped: an archive may take minutes. */
class Sendings {
  #list: readonly Sending[] = [];
  #next = 1;
  readonly #listeners = new Set<() => void>();

  readonly list = (): readonly Sending[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  begin(libraryId: string, file: File): number {
    const id = this.#next++;
    this.#set([...this.#list, { id, libraryId, name: file.name, sent: 0, size: file.size }]);
    return id;
  }

  tell(id: number, sent: number): void {
    this.#set(this.#list.map((one) => (one.id === id ? { ...one, sent } : one)));
  }

  end(id: number): void {
    this.#set(this.#list.filter((one) => one.id !== id));
  }

  #set(list: readonly Sending[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}

export const sendings = new Sendings();
