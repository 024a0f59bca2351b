/** Events that belong together, as far as they have come. */
export interface Burst {
  /** Times of its first and its last event, in milliseconds. */
  readonly first: number;
  readonly last: number;
  /** How many, >= 1. */
  readonly events: number;
}

/** A save is three to ten events, within less than this. */
const QUIET_MS = 3;
/** Who writes hundreds of files rests now and then. */
const LONGEST_QUIET_MS = 100;
/** Who never rests is told about all the same. */
const LONGEST_MS = 3_000;
/** A save while Git does something else waits no longer. */
const HELD_MS = 1_000;
const LONGEST_HELD_MS = 10_000;

/**
 * When a burst is over, unless more comes: the more events, the longer they may
 * be apart.
 */
export function dueAt({ first, last, events }: Burst): number {
  const quiet = clamp(events / 2, QUIET_MS, LONGEST_QUIET_MS);
  return Math.min(last + quiet, first + LONGEST_MS);
}

/**
 * Until when a burst is held while Git writes the work tree: the more files
 * have changed, the more likely this is it.
 */
export function heldUntil(burst: Burst): number {
  const held = clamp(burst.events * 100, HELD_MS, LONGEST_HELD_MS);
  return Math.max(dueAt(burst), burst.first + held);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
