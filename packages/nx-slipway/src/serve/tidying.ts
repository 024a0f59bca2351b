import type { Clock } from '../build';

/** So long nothing has been built when old images are taken away. */
const QUIET_MS = 3_000;
/** So long that is put off at most. */
const MOST_MS = 60_000;

/**
 * Has Docker tidied when nobody builds. Docker reads every image that it holds
 * to list those of a name, which takes from builds what a push would.
 */
export class Tidying {
  private readonly due = new Map<string, () => Promise<unknown>>();
  private dueSince = 0;
  private working?: Promise<void>;
  private isClosed = false;
  private forget = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly isBusy: () => boolean,
  ) {}

  /**
   * @param key of an image: the last tidying of it is done
   * @param tidy fails never
   */
  later(key: string, tidy: () => Promise<unknown>): void {
    if (this.isClosed) return;
    if (this.due.size === 0) this.dueSince = this.clock.now();
    this.due.set(key, tidy);
    this.wait();
  }

  /**
   * Until nothing of it is under way, for a build that has begun: Docker's
   * builder without BuildKit may fail of an image that goes just then.
   */
  async pause(): Promise<void> {
    await this.working;
  }

  /** What is due is left to the next build. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.forget();
    this.due.clear();
    await this.working;
  }

  private wait(): void {
    this.forget();
    const most = this.dueSince + MOST_MS - this.clock.now();
    const ms = Math.max(0, Math.min(QUIET_MS, most));
    this.forget = this.clock.after(ms, () => {
      this.working ??= this.work().finally(() => {
        this.working = undefined;
        if (this.due.size > 0) this.wait();
      });
    });
  }

  private async work(): Promise<void> {
    for (const [key, tidy] of this.due) {
      const isOverdue = this.clock.now() - this.dueSince >= MOST_MS;
      if (this.isBusy() && !isOverdue) return;
      this.due.delete(key);
      await tidy();
    }
  }
}
