/** Sends at once, and then no more often than every `every` ms; of what comes between, the last. */
export class Throttle<T> {
  private waiting: { readonly value: T } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly every: number,
    private readonly send: (value: T) => void,
  ) {}

  tell(value: T): void {
    if (this.timer !== undefined) {
      this.waiting = { value };
      return;
    }
    this.send(value);
    this.timer = setTimeout(() => this.next(), this.every);
  }

  /** Forgets what waits. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = undefined;
  }

  private next(): void {
    const { waiting } = this;
    this.stop();
    if (waiting) this.tell(waiting.value);
  }
}
