/** So many at a time; who asks first goes first. */
export class Slots {
  private taken = 0;
  private readonly queue: (() => void)[] = [];

  /** @param limit 1 or more */
  constructor(private readonly limit: number) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.taken < this.limit) this.taken += 1;
    // Handed on by who leaves, so that nobody comes in between.
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.taken -= 1;
    }
  }

  get isFull(): boolean {
    return this.taken >= this.limit;
  }
}
