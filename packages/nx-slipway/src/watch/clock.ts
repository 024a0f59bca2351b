/** Time, as batches need it; tests bring their own. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /**
   * Runs `action` once, after so many milliseconds.
   * @returns what takes it back
   */
  after(ms: number, action: () => void): () => void;
  /** Runs `action` once the system has told all that it has to tell now. */
  turn(action: () => void): void;
}

export function realClock(now: () => number): Clock {
  return {
    now,
    after(ms, action) {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
    // Events are read before it, timers are not.
    turn: (action) => void setImmediate(action),
  };
}
