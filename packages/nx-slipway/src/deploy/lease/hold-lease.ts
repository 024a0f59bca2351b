import { randomBytes } from 'node:crypto';
import { SlipwayError } from '../../report';
import { assertNotCancelled } from '../cancelled';
import type { DeploySystems } from '../types';
import { LeaseStore, type Lease, type LeasePlace } from './lease-object';
import {
  renewLease,
  takeLease,
  type LeaseTimes,
  type Loss,
} from './take-lease';

/** A manifest set that nobody else works on. */
export interface HeldSet {
  /**
   * Before every write.
   * @throws SLIPWAY_E_SET_BUSY if it was taken from us, SLIPWAY_E_CANCELLED, and
   *   as Cluster.request
   */
  assertHeld(): Promise<void>;
  /** Renews it now, though it need not be yet. What comes of it is told later. */
  renew(): Promise<void>;
  /**
   * Lets it go, also after a cancel; if that fails, it runs out by itself.
   * @param patience milliseconds that each try may take, and all that come
   *   after the first. Default: as any request
   */
  release(patience?: number): Promise<void>;
  /** Lets it go for good: there is no such set any more. */
  remove(): Promise<void>;
}

export interface HoldOptions {
  readonly takeover: boolean;
  /** Told once that it is not ours any more, as soon as it is noticed. */
  readonly onLost?: (loss: Loss) => void;
}

const TIMES: LeaseTimes = {
  duration: 15_000,
  renewEvery: 5000,
  lookEvery: 1000,
};

/**
 * Holds the Lease of a set until it is released, renewing it meanwhile.
 * @throws SLIPWAY_E_SET_BUSY, and as Cluster.request
 */
export async function holdSet(
  place: LeasePlace,
  { takeover, onLost }: HoldOptions,
  systems: DeploySystems,
  times = TIMES,
): Promise<HeldSet> {
  const store = new LeaseStore(systems.cluster, place);
  // One process may deploy twice.
  const identity = `${systems.holder} ${randomBytes(8).toString('hex')}`;
  const lease = await takeLease(store, identity, takeover, times, systems);
  return new Holding(store, identity, lease, times, systems, onLost);
}

/** Milliseconds of two clocks. */
interface Instant {
  readonly ran: number;
  readonly day: number;
}

class Holding implements HeldSet {
  private readonly timer: NodeJS.Timeout;
  private renewedAt: Instant;
  private renewing?: Promise<void>;
  private lost?: SlipwayError;
  /** Why it could not be renewed the last time. */
  private failure?: SlipwayError;

  constructor(
    private readonly store: LeaseStore,
    private readonly identity: string,
    private lease: Lease,
    private readonly times: LeaseTimes,
    private readonly systems: DeploySystems,
    private readonly onLost: HoldOptions['onLost'],
  ) {
    this.renewedAt = this.instant();
    this.timer = setInterval(() => void this.renew(), times.renewEvery);
    this.timer.unref();
  }

  async assertHeld(): Promise<void> {
    assertNotCancelled(this.systems.signal);
    const { duration, renewEvery } = this.times;
    // The timer did not run: the machine slept, or nobody answered.
    if (this.age() > duration - renewEvery) await this.renew();
    if (this.lost) throw this.lost;
    // Whether somebody else has taken it meanwhile, nobody can tell.
    const isOver = this.age() > duration;
    if (isOver && this.failure) throw this.failure;
  }

  renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  async release(patience?: number): Promise<void> {
    await this.end(async () => {
      const { leaseTransitions } = this.lease.spec ?? {};
      const last = { afterCancel: true, patience, deadline: patience };
      await this.store.write(this.lease, { leaseTransitions }, last);
    });
  }

  async remove(): Promise<void> {
    await this.end(() => this.store.remove(this.lease));
  }

  /**
   * Since it was renewed, in milliseconds. A clock that only goes on stands
   * still while Linux sleeps, and one of the day may be set back: the one that
   * has gone further counts.
   */
  private age(): number {
    const { ran, day } = this.instant();
    return Math.max(ran - this.renewedAt.ran, day - this.renewedAt.day);
  }

  private instant(): Instant {
    return { ran: this.systems.now(), day: Date.now() };
  }

  private async end(work: () => Promise<void>): Promise<void> {
    clearInterval(this.timer);
    await this.renewing;
    // Nor need it be waited for a second time: the Lease runs out.
    if (this.lost || this.failure) return;
    try {
      await work();
    } catch (error) {
      // Whoever comes next waits until it has run out.
      if (!(error instanceof SlipwayError)) throw error;
    }
  }

  /** A cluster that does not answer is asked again by the next turn. */
  private async renewOnce(): Promise<void> {
    if (this.lost) return;
    const { store, lease, identity, times } = this;
    const at = this.instant();
    try {
      const renewal = await renewLease(store, lease, identity, times);
      if (renewal.loss) {
        this.lost = renewal.loss.error;
        this.onLost?.(renewal.loss);
        return;
      }
      this.lease = renewal.lease;
      this.renewedAt = at;
      this.failure = undefined;
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      // After a cancel it can still be let go.
      if (error.code !== 'SLIPWAY_E_CANCELLED') this.failure = error;
    }
  }
}
