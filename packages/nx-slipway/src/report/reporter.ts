/** Where lines for people go. Every line passes the scrubber of the run. */
export interface Reporter {
  /** One line on standard output. */
  info(line: string): void;
  /** One line on standard error: the run goes on, but the user should know. */
  warn(line: string): void;
  /**
   * Output of the user's command, in chunks as it comes.
   * @returns where it cannot keep up: a promise that resolves, and never
   *   rejects, when it is ready for more
   */
  output(stream: 'stdout' | 'stderr', chunk: string): void | Promise<void>;
}

/** `310ms`, `1.4s`, `2m05s`. @param ms milliseconds, >= 0 */
export function formatDuration(ms: number): string {
  // The limits are where rounding would reach the next unit.
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

/** How long each named step took in all, in the order they first ran. */
export class Phases {
  private readonly taken = new Map<string, number>();
  private readonly start: number;

  /** @param onPhase told of each when it begins, and with its time at its end */
  constructor(
    private readonly now: () => number,
    private readonly onPhase?: (name: string, ms?: number) => void,
  ) {
    this.start = now();
  }

  async measure<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = this.now();
    this.onPhase?.(name);
    try {
      return await work();
    } finally {
      const ms = this.now() - start;
      this.taken.set(name, (this.taken.get(name) ?? 0) + ms);
      this.onPhase?.(name, ms);
    }
  }

  /**
   * `318ms  hash 8ms · build 310ms`: the time since the beginning, then each
   * phase; some may have run at once.
   */
  toString(): string {
    const total = this.now() - this.start;
    const parts = [...this.taken].map(
      ([name, ms]) => `${name} ${formatDuration(ms)}`,
    );
    return `${formatDuration(total)}  ${parts.join(' · ')}`;
  }
}
