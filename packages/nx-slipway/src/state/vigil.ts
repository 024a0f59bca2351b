/** How often the owner of a claim touches it, in milliseconds. */
export const TOUCH_MS = 10_000;
/** For how long a claim must be seen untouched to be given up. */
const UNTOUCHED_MS = 60_000;
/** What one look can count for, however long ago the last one was. */
const LOOK_MS = 1000;

/**
 * Watches claims of which only the touching can be seen, because their owners
 * run on another machine or in another container. No two clocks are compared:
 * what counts is that the time of a file changes, and only time in which we
 * looked, so that a machine that slept takes nothing from those that slept
 * with it.
 */
export class Vigil {
  private readonly sightings = new Map<string, Sighting>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  /**
   * Whether a claim was not touched all the time that we looked. To be called
   * at least once a second.
   * @param touched the time of its file, undefined if it is gone
   */
  isOver(id: string, touched: number | undefined): boolean {
    const now = this.now();
    const last = this.sightings.get(id);
    const isSame = last !== undefined && last.touched === touched;
    const watched = isSame
      ? last.watched + Math.min(now - last.at, LOOK_MS)
      : 0;
    this.sightings.set(id, { touched, at: now, watched });
    return watched >= UNTOUCHED_MS;
  }
}

interface Sighting {
  readonly touched: number | undefined;
  readonly at: number;
  /** Milliseconds, while `touched` was the same. */
  readonly watched: number;
}
