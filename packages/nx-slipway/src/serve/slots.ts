/** So many at a time; who asks first goes first. */
export class Slots {
  private taken = 0;
  private readonly queue: (() => void)[] = [];

  /** @param limit 1 or more */
  constructor(private readonly limit: number) {}

  /** @param work may leave its place before it is done */
  async take<T>(work: (leave: () => void) => Promise<T>): Promise<T> {
    if (this.taken < this.limit) this.taken += 1;
    // Handed on by who leaves, so that nobody comes in between.
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    let hasLeft = false;
    const leave = () => {
      if (hasLeft) return;
      hasLeft = true;
      const next = this.queue.shift();
      if (next) next();
      else this.taken -= 1;
    };
    try {
      return await work(leave);
    } finally {
      leave();
    }
  }

  get isIdle(): boolean {
    return this.taken === 0;
  }

  get isFull(): boolean {
    return this.taken >= this.limit;
  }
}
