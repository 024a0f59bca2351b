import type { Clock } from '../build/command/clock';

/** A clock that stands still until it is told. */
export interface ManualClock extends Clock {
  /** Runs what is due by then, in order, each at its own time. */
  advance(ms: number): void;
  /** How many timers are set. */
  readonly timers: number;
}

export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Set<{ at: number; action: () => void }>();
  const due = (until: number) =>
    [...timers]
      .filter(({ at }) => at <= until)
      .sort((a, b) => a.at - b.at)
      .at(0);
  return {
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const until = now + ms;
      for (let next = due(until); next; next = due(until)) {
        timers.delete(next);
        now = Math.max(now, next.at);
        next.action();
      }
      now = until;
    },
    get timers() {
      return timers.size;
    },
  };
}
