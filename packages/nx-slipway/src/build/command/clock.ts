/** Time, as the life of a command needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /**
   * Runs `action` once, after so many milliseconds.
   * @returns what takes it back
   */
  after(ms: number, action: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    // The command and its streams keep this process alive; a timer must not.
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
};
