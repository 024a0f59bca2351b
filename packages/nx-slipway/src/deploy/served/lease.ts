import type { SlipwayError } from '../../report';
import type { InventoryPlace } from '../inventory';
import { holdSet, type HeldSet } from '../lease';
import type { ServeDeploySystems } from './types';

/** Milliseconds for each of two tries, so that an end does not wait for more. */
const RELEASE_MS = 600;

/** The Lease of a served set: taken when it is needed first, and then kept. */
export class ServedLease {
  private held?: HeldSet;
  private lost?: SlipwayError;
  private wasHeld = false;

  /** @param takeover only the first time: later it may be taken from us */
  constructor(
    private readonly takeover: boolean,
    private readonly systems: ServeDeploySystems,
  ) {}

  get isLost(): boolean {
    return this.lost !== undefined;
  }

  /** Whether it must be taken: for the first time, or since it was deleted. */
  get isToTake(): boolean {
    return this.held === undefined;
  }

  /** @throws SLIPWAY_E_SET_BUSY */
  assertNotLost(): void {
    if (this.lost) throw this.lost;
  }

  /**
   * Notices now that it has gone, as it does with its namespace.
   * @throws SLIPWAY_E_SET_BUSY
   */
  async check(): Promise<void> {
    await this.held?.renew();
    this.assertNotLost();
  }

  /** @throws SLIPWAY_E_SET_BUSY, and as Cluster.request */
  async hold(place: InventoryPlace): Promise<HeldSet> {
    if (this.held) return this.held;
    const takeover = this.takeover && !this.wasHeld;
    const { onLost } = this.systems;
    const held = await holdSet(
      place,
      {
        takeover,
        onLost: ({ error, isGone }) => {
          this.held = undefined;
          // It sends nothing, and renews it no more.
          void held.release();
          // What was deleted was taken by nobody.
          if (isGone) return;
          this.lost = error;
          onLost(error);
        },
      },
      this.systems,
    );
    this.held = held;
    this.wasHeld = true;
    return held;
  }

  async release(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    await held?.release(RELEASE_MS);
  }
}
