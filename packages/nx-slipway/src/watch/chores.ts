/** Work that is done one after the other. */
export class Chores {
  private last: Promise<unknown> = Promise.resolve();

  do<T>(chore: () => Promise<T>): Promise<T> {
    const done = this.last.then(chore);
    // Whoever asked for it hears of its failure; the next one is not to.
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all that was to be done is. */
  async idle(): Promise<void> {
    for (let last; last !== this.last;) {
      last = this.last;
      await last;
    }
  }
}
