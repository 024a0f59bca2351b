/** How long a server that has started again may not know all roles yet. */
const SETTLING_MS = 10_000;

/** What is known of an API server by all that was asked of it in this run. */
export class Health {
  private answered = false;
  private silentAt = -Infinity;
  private toldAt = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether it has ever answered: then silence is an outage, not a mistake. */
  get hasAnswered(): boolean {
    return this.answered;
  }

  /**
   * Whether it was away a moment ago. It answers before it has read the roles,
   * and so tells who has a right that there is none (seen in 1.34).
   */
  get isSettling(): boolean {
    return this.now() - this.silentAt < SETTLING_MS;
  }

  noteAnswer(status: number): void {
    // These are what stands before it, or it while it cannot yet.
    if (status < 500) this.answered = true;
  }

  noteSilence(): void {
    this.silentAt = this.now();
  }

  /** @returns whether nobody has been told for that many milliseconds */
  isNews(ms: number): boolean {
    if (this.now() - this.toldAt < ms) return false;
    this.toldAt = this.now();
    return true;
  }
}
