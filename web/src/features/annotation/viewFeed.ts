/**
 * Where the window stands over the pages, for what moves with every frame: parts
 * listen and move themselves, and React draws nothing.
 */
import type { View } from '../../pdfview/types';

export class ViewFeed {
  view: View | undefined;
  scrollTop = 0;
  readonly #listeners = new Set<() => void>();

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly tellView = (view: View): void => {
    this.view = view;
    this.#tell();
  };

  readonly tellScroll = (scrollTop: number): void => {
    this.scrollTop = scrollTop;
    this.#tell();
  };

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
