/** Builds in a row that change the same inputs, before they are blamed for it. */
const MOST = 3;

/**
 * Finds out whether a build writes into its own inputs: who changed a file while
 * it ran nobody can see. It is taken for the build if the same files change
 * during one build after the other, and between them nothing does, though time
 * was given for that (design 2.7; tilt#3514).
 */
export class OwnWrites {
  private suspects: ReadonlySet<string> = new Set();
  private builds = 0;

  /**
   * A build has ended.
   * @param moved inputs that changed while it ran
   */
  built(moved: readonly string[]): void {
    const again = moved.filter((file) => this.suspects.has(file));
    this.builds = again.length > 0 ? this.builds + 1 : moved.length > 0 ? 1 : 0;
    this.suspects = new Set(again.length > 0 ? again : moved);
  }

  /** Something has changed while no build ran: people are at work. */
  savedBetween(): void {
    this.builds = 0;
    this.suspects = new Set();
  }

  /** Whether the next build is to be preceded by a quiet while. */
  get isSuspected(): boolean {
    return this.builds === MOST - 1;
  }

  /** Whether these alone are no reason to stop a build. */
  explains(files: readonly string[]): boolean {
    return files.length > 0 && files.every((file) => this.suspects.has(file));
  }

  /** The files that the build writes itself, once that is sure enough. */
  get found(): readonly string[] | undefined {
    return this.builds >= MOST ? [...this.suspects].sort() : undefined;
  }
}
