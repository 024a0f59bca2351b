import type { Fault } from './events';

/** The state of something, since when it is so, and what is wrong with it. */
export class Situation<S extends string> {
  /** Milliseconds since 1970. */
  since = Date.now();
  fault?: Fault;

  /** @param onChange told of each state that is another, or has a fault */
  constructor(
    public state: S,
    private readonly onChange: (state: S, fault?: Fault) => void,
  ) {}

  enter(state: S, fault?: Fault): void {
    if (this.state === state && !fault && !this.fault) return;
    this.state = state;
    this.since = Date.now();
    this.fault = fault;
    this.onChange(state, fault);
  }
}
