/** Timers, as the wait needs them; tests bring a clock of their own. */
export interface Timers {
  /**
   * Runs `action` once, after so many milliseconds.
   * @returns what takes it back
   */
  after(ms: number, action: () => void): () => void;
}

export const realTimers: Timers = {
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** @returns what ends it */
export function every(
  timers: Timers,
  ms: number,
  action: () => void,
): () => void {
  let stop = () => undefined as void;
  const arm = () => {
    stop = timers.after(ms, () => {
      arm();
      action();
    });
  };
  arm();
  return () => stop();
}
