import { randomBytes } from 'node:crypto';
import { SlipwayError } from '../../report';
import { assertNotCancelled } from '../cancelled';
import type { DeploySystems } from '../types';
import { LeaseStore, type Lease, type LeasePlace } from './lease-object';
import { busy, specOf, takeLease, type LeaseTimes } from './take-lease';

/** A manifest set that nobody else works on. */
export interface HeldSet {
  /**
   * Before every write.
   * @throws SLIPWAY_E_SET_BUSY if it was taken from us, SLIPWAY_E_CANCELLED, and
   *   as Cluster.request
   */
  assertHeld(): Promise<void>;
  /** Lets it go, also after a cancel; if that fails, it runs out by itself. */
  release(): Promise<void>;
  /** Lets it go for good: there is no such set any more. */
  remove(): Promise<void>;
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
  { takeover }: { readonly takeover: boolean },
  systems: DeploySystems,
  times = TIMES,
): Promise<HeldSet> {
  const store = new LeaseStore(systems.cluster, place);
  // One process may deploy twice.
  const identity = `${systems.holder} ${randomBytes(8).toString('hex')}`;
  const lease = await takeLease(store, identity, takeover, times, systems);
  return new Holding(store, identity, lease, times, systems);
}

class Holding implements HeldSet {
  private readonly timer: NodeJS.Timeout;
  private renewedAt: number;
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
  ) {
    this.renewedAt = systems.now();
    this.timer = setInterval(() => void this.renew(), times.renewEvery);
    this.timer.unref();
  }

  async assertHeld(): Promise<void> {
    assertNotCancelled(this.systems.signal);
    const { duration, renewEvery } = this.times;
    const age = this.systems.now() - this.renewedAt;
    // The timer did not run: the machine slept, or nobody answered.
    if (age > duration - renewEvery) await this.renew();
    if (this.lost) throw this.lost;
    // Whether somebody else has taken it meanwhile, nobody can tell.
    const isOver = this.systems.now() - this.renewedAt > duration;
    if (isOver && this.failure) throw this.failure;
  }

  async release(): Promise<void> {
    await this.end(async () => {
      const { leaseTransitions } = this.lease.spec ?? {};
      await this.store.write(this.lease, { leaseTransitions }, true);
    });
  }

  async remove(): Promise<void> {
    await this.end(() => this.store.remove());
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

  private renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** A cluster that does not answer is asked again by the next turn. */
  private async renewOnce(): Promise<void> {
    if (this.lost) return;
    const { store, identity, times, systems } = this;
    const at = systems.now();
    const spec = specOf(identity, times.duration, this.lease.spec);
    try {
      const renewed = await store.write(this.lease, spec);
      const found = renewed ?? (await store.read());
      this.failure = undefined;
      if (found?.spec?.holderIdentity === identity) {
        this.lease = found;
        this.renewedAt = at;
      } else {
        this.lost = lostTo(found);
      }
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      // After a cancel it can still be let go.
      if (error.code !== 'SLIPWAY_E_CANCELLED') this.failure = error;
    }
  }
}

function lostTo(lease: Lease | undefined): SlipwayError {
  if (lease?.spec?.holderIdentity) return busy(lease);
  return new SlipwayError({
    code: 'SLIPWAY_E_SET_BUSY',
    message: 'somebody has taken this manifest set, and let it go again.',
    hint: 'Nothing more was written. Run it again.',
  });
}
