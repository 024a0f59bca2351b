/** Remembers what has been said, for as long as it must not be said again. */
export class SaidOnce {
  /** When it was said, or so, last; the oldest comes first. */
  private readonly last = new Map<string, number>();

  /** @param now milliseconds that only grow */
  constructor(private readonly now: () => number) {}

  /** Whether it was not said in so many milliseconds. It is from now on. */
  isNews(key: string, quiet: number): boolean {
    const last = this.last.get(key);
    if (last !== undefined && this.now() - last < quiet) return false;
    this.note(key);
    return true;
  }

  /** As isNews, of what has to have been well for so long. */
  isNewsAgain(key: string, quiet: number): boolean {
    const isNews = this.isNews(key, quiet);
    this.note(key);
    return isNews;
  }

  note(key: string): void {
    this.last.delete(key);
    this.last.set(key, this.now());
  }

  /** Drops what nobody has noted for that many milliseconds. */
  forget(age: number): void {
    for (const [key, last] of this.last) {
      if (this.now() - last < age) return;
      this.last.delete(key);
    }
  }
}
