/** Why an image is to be looked at. */
export interface Pending {
  /** Of the first save, by the clock. */
  readonly at: number;
  /** Asked for by hand: built even if nothing has changed. */
  readonly isForced: boolean;
  /** Asked for by hand, by the start, or tried again: not held back. */
  readonly isGranted: boolean;
  /** Tried though the same has failed before. */
  readonly isAgain: boolean;
}

/** By somebody, or by time: it is tried. */
export function asked(at: number): Pending {
  return { at, isForced: false, isGranted: true, isAgain: true };
}

export function joined(one: Pending | undefined, other: Pending): Pending {
  return {
    at: Math.min(one?.at ?? other.at, other.at),
    isForced: one?.isForced || other.isForced,
    isGranted: one?.isGranted || other.isGranted,
    isAgain: one?.isAgain || other.isAgain,
  };
}
