/** What a pass is made of, by whoever makes it. */
export interface PassesParts<P> {
  readonly join: (one: P | undefined, other: P) => P;
  /** Rejects never. */
  readonly pass: (pending: P) => Promise<void>;
  /** Whether nothing more is to be done, ever. */
  readonly isOver: () => boolean;
  /** There is nothing left to do. */
  readonly onIdle: () => void;
}

/**
 * Work that comes one pass after the other, so that no older content ever
 * follows a newer one. What is told in one turn is one pass.
 */
export class Passes<P> {
  /** What was told since the last pass began. */
  pending?: P;
  private working?: Promise<void>;

  constructor(private readonly parts: PassesParts<P>) {}

  /** @returns whether a pass was on its way already, which this comes after */
  wake(pending: P): boolean {
    this.pending = this.parts.join(this.pending, pending);
    const isWorking = this.working !== undefined;
    this.working ??= this.work();
    return isWorking;
  }

  /** When all that is to do is done. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  private async work(): Promise<void> {
    await Promise.resolve();
    const { pass, isOver, onIdle } = this.parts;
    while (this.pending !== undefined && !isOver()) {
      const { pending } = this;
      this.pending = undefined;
      await pass(pending);
    }
    this.working = undefined;
    onIdle();
  }
}
