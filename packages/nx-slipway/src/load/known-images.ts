/**
 * How long a load is remembered, in milliseconds: a kubelet tells of an image
 * some tens of seconds late.
 */
const KEEP_MS = 5 * 60_000;

/**
 * What this process has brought to nodes. It bridges the time until they list
 * it; of small images that is for ever on a node with more than 50, which is
 * why they are loaded again after five minutes and by each new process. Not
 * remembered for longer, nor on disk: a node that is short of disk throws away
 * what no pod uses, and says nothing of it either.
 */
export class KnownImages {
  private readonly since = new Map<string, number>();

  /** @param now milliseconds that only grow */
  constructor(private readonly now: () => number) {}

  /** @param server URL of the API server */
  add(server: string, node: string, ref: string): void {
    this.since.set(keyOf(server, node, ref), this.now());
  }

  has(server: string, node: string, ref: string): boolean {
    const since = this.since.get(keyOf(server, node, ref));
    return since !== undefined && this.now() - since < KEEP_MS;
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
