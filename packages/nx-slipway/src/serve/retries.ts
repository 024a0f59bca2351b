import type { Clock } from '../build';
import { pauseBefore } from './retry';

/** Tries again what failed because a system was away: later and later. */
export class Retries {
  private failures = 0;
  private forget = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly again: () => void,
  ) {}

  /** It has failed once more. */
  later(): void {
    this.failures += 1;
    this.forget();
    this.forget = this.clock.after(pauseBefore(this.failures), this.again);
  }

  /** It is being tried: not twice. */
  begun(): void {
    this.forget();
  }

  /** It went well, or failed of something that no time mends. */
  over(): void {
    this.forget();
    this.failures = 0;
  }
}
