import type { Clock } from './clock';
import { dueAt, heldUntil } from './due';
import type { Changes } from './types';

/** What batches ask of those who watch. */
export interface Batching {
  readonly clock: Clock;
  /** How many events the system keeps for us; more are lost. */
  readonly queueLimit: number;
  /** Whether Git is writing the files. */
  readonly isHeld: () => boolean;
  /** Resolves when all that was heard of is looked at. */
  readonly idle: () => Promise<void>;
  /** Looks at all that is watched again; events have been lost. */
  readonly lookAgain: () => Promise<void>;
  readonly give: (changes: Changes) => void;
}

/** Timers that are so late tell of a process that was stopped, in milliseconds. */
const STALL_MS = 100;
/** How often to see whether Git is done, in milliseconds. */
const HELD_STEP_MS = 20;

interface Batch {
  readonly first: number;
  last: number;
  events: number;
  /** Of `events`: those before all was looked at. */
  accounted: number;
  all: boolean;
  /** Whether it waits for Git. */
  isHeld: boolean;
  readonly paths: Set<string>;
}

/**
 * Gathers events until their burst is over. Node tells of no event that is lost
 * (measured: of 20,000 files written while the loop stood still 8,192 were
 * seen, and no error), so that many events at once, or a late timer while some
 * are gathered, count as a loss.
 */
export class Batches {
  private batch: Batch | undefined;
  private isLost = false;
  private eventsOfTurn = 0;
  private cancel: (() => void) | undefined;
  private isClosed = false;

  constructor(private readonly to: Batching) {}

  /** Counts one event of the system, whatever it is about. */
  count(): void {
    this.eventsOfTurn += 1;
    if (this.eventsOfTurn === 1) {
      this.to.clock.turn(() => (this.eventsOfTurn = 0));
    }
    if (this.eventsOfTurn > this.manyEvents) this.lose();
  }

  /** An event that matters; of what, may be told later. */
  touch(): void {
    const batch = this.open();
    batch.last = this.to.clock.now();
    batch.events += 1;
  }

  add(path: string): void {
    const batch = this.open();
    if (!batch.all) batch.paths.add(path);
  }

  /** Events are known to be lost. */
  lose(): void {
    this.isLost = true;
    this.open();
  }

  close(): void {
    this.isClosed = true;
    this.cancel?.();
  }

  private get manyEvents(): number {
    return this.to.queueLimit / 4;
  }

  private open(): Batch {
    if (this.batch) return this.batch;
    const now = this.to.clock.now();
    this.batch = {
      ...{ first: now, last: now, events: 0, accounted: 0 },
      ...{ all: false, isHeld: false, paths: new Set<string>() },
    };
    this.wait(dueAt(this.batch));
    return this.batch;
  }

  private wait(until: number): void {
    if (this.isClosed) return;
    const { clock } = this.to;
    const ring = () => {
      if (clock.now() - until > STALL_MS) this.isLost = true;
      clock.turn(() => void this.ring());
    };
    this.cancel = clock.after(Math.max(0, until - clock.now()), ring);
  }

  private async ring(): Promise<void> {
    const { batch } = this;
    if (!batch || this.isClosed) return;
    const until = this.waitsUntil(batch);
    if (until !== undefined) return this.wait(until);
    await this.settle(batch);
    const more = this.waitsUntil(batch);
    if (more === undefined) this.give(batch);
    else this.wait(more);
  }

  /** @returns undefined if the batch is due */
  private waitsUntil(batch: Batch): number | undefined {
    const now = this.to.clock.now();
    const due = dueAt(batch);
    if (now < due) return due;
    const held = heldUntil(batch);
    if (now < held && this.to.isHeld()) {
      batch.isHeld = true;
      return Math.min(now + HELD_STEP_MS, held);
    }
    if (!batch.isHeld) return undefined;
    // What Git wrote last may have come since events were read.
    batch.isHeld = false;
    return now;
  }

  private async settle(batch: Batch): Promise<void> {
    await this.to.idle();
    const unaccounted = batch.events - batch.accounted;
    if (!this.isLost && unaccounted <= this.manyEvents) return;
    this.isLost = false;
    batch.accounted = batch.events;
    await this.to.lookAgain();
    batch.all = true;
    batch.paths.clear();
  }

  private give({ paths, all, first }: Batch): void {
    this.batch = undefined;
    if (this.isClosed) return;
    // While all was looked at again, more was lost: all over again.
    if (this.isLost) this.open();
    if (all || paths.size > 0) this.to.give({ paths, all, at: first });
  }
}
