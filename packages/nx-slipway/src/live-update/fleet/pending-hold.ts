import type { ContainerPlace } from '../types';
import type { Container } from './container';
import { heldOf } from './held';
import type { Outcome } from './outcome';
import type { Held } from './types';

/** A hold that is on its way: what it waits for, and what it has met. */
export class PendingHold {
  readonly ended: Promise<Held>;
  private readonly outcomes: Outcome[] = [];
  private resolve!: (held: Held) => void;

  constructor(
    private readonly turn: number,
    private readonly waiting: Set<Container>,
    private readonly looping: ContainerPlace | undefined,
  ) {
    this.ended = new Promise((resolve) => (this.resolve = resolve));
    this.look();
  }

  /** @returns whether it waited for that */
  takes(container: Container, outcome: Outcome): boolean {
    if (outcome.turn < this.turn || !this.waiting.delete(container))
      return false;
    this.outcomes.push(outcome);
    this.look();
    return true;
  }

  /** That one will not get there. */
  drops(container: Container): void {
    if (this.waiting.delete(container)) this.look();
  }

  /** It ends as it is. */
  end(): void {
    this.waiting.clear();
    this.look();
  }

  private look(): void {
    if (this.waiting.size > 0) return;
    this.resolve(heldOf(this.outcomes, this.looping));
  }
}
