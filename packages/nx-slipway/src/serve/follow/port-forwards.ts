import type { PortForwardStatus } from '../status';
import type { Served } from './destination';
import { forwardsOf, type Forward, type ForwardsOption } from './forwards-of';
import { PortForward, type PortForwardParts } from './port-forward';

/** The port-forwards of a project, as its options and manifests have them. */
export class PortForwards {
  private readonly open = new Map<string, PortForward>();
  private readonly closing = new Set<Promise<void>>();
  private isClosed = false;

  constructor(private readonly parts: PortForwardParts) {}

  /**
   * What is wanted, and what there is, each time that either has changed. What is
   * wanted no more is closed, what is new is opened, and the others stay.
   */
  update(option: ForwardsOption, served: Served): void {
    if (this.isClosed) return;
    const wanted = new Map(
      forwardsOf(option, served.services).map((each) => [keyOf(each), each]),
    );
    for (const [key, forward] of this.open) {
      if (wanted.has(key)) continue;
      this.open.delete(key);
      this.end(forward);
    }
    for (const [key, each] of wanted) {
      const forward = this.open.get(key) ?? this.start(each);
      this.open.set(key, forward);
      forward.update(served);
    }
  }

  get status(): readonly PortForwardStatus[] {
    return [...this.open.values()].map(({ status }) => status);
  }

  /** Resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const forward of this.open.values()) this.end(forward);
    this.open.clear();
    await Promise.all(this.closing);
  }

  /** One that ends now may have had its port. */
  private start(forward: Forward): PortForward {
    return new PortForward(forward, this.parts, Promise.all(this.closing));
  }

  private end(forward: PortForward): void {
    const closing = forward.close().finally(() => this.closing.delete(closing));
    this.closing.add(closing);
  }
}

function keyOf(forward: object): string {
  return JSON.stringify(forward);
}
