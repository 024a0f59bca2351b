import type { Clock } from '../build';
import type { AppliedSet } from '../deploy';
import { newest, type Cycle } from './cycle';
import { pauseUntil } from './pause-until';
import { pauseBefore } from './retry';

/** Tries of a wait that has failed begin where retries are not many any more. */
const PATIENCE = 3;

export interface RolloutParts {
  readonly clock: Clock;
  /** The end of all. */
  readonly signal: AbortSignal;
  /** Milliseconds: of a wait. */
  readonly timeout: number;
  readonly onReady: () => void;
  /** Told once of each rollout; it is followed on. */
  readonly onFailure: (error: unknown, cycles: readonly Cycle[]) => void;
}

/** What was applied, on its way to ready; one follows the other. */
export class Rollout {
  /** Of what is applied, and not ready. */
  private unready: Cycle[] = [];
  private waiting?: AbortController;

  constructor(private readonly parts: RolloutParts) {}

  get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** Takes over from the one before, with what that had not got ready. */
  begin(applied: AppliedSet, cycles: readonly Cycle[]): void {
    this.close();
    this.unready = newest(this.unready, cycles);
    const waiting = new AbortController();
    this.waiting = waiting;
    for (const cycle of cycles) cycle.begins('ready');
    void this.wait(applied, waiting);
  }

  close(): void {
    this.waiting?.abort();
    this.waiting = undefined;
  }

  /** Also after it was given up: somebody may mend what it wants. */
  private async wait(
    applied: AppliedSet,
    { signal }: AbortController,
  ): Promise<void> {
    const { clock, timeout, onReady, onFailure } = this.parts;
    const begun = clock.now();
    const isOver = () => signal.aborted || this.parts.signal.aborted;
    for (let failures = 0; !isOver(); failures += 1) {
      try {
        await applied.ready(signal, timeout);
        if (isOver()) return;
        for (const cycle of this.unready.splice(0)) {
          cycle.passed('ready', clock.now() - begun);
          cycle.end('ready');
        }
        this.waiting = undefined;
        return onReady();
      } catch (error) {
        if (isOver()) return;
        if (failures === 0) onFailure(error, this.unready.splice(0));
        await pauseUntil(pauseBefore(failures + PATIENCE), signal, clock);
      }
    }
  }
}
