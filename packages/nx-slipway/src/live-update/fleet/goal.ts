import { createHash } from 'node:crypto';
import { NOTHING, changedPlaces, isInitial, type States } from '../plan';
import type { Desired } from './types';

/** What is desired, and what follows of it for all containers alike. */
export class Goal {
  /** By what containers hold: most hold the same. */
  private readonly changes = new WeakMap<States, ReadonlySet<string>>();
  private holdingMemo?: States;
  private initialMemo?: readonly string[];
  private hashMemo?: string;

  /** @param turn grows with each hold */
  constructor(
    readonly desired: Desired,
    readonly turn: number,
  ) {}

  /** The places where it is not what a container holds. */
  changedFrom(ground: States): ReadonlySet<string> {
    const known = this.changes.get(ground);
    const changed = known ?? changedPlaces(ground, this.desired.content);
    this.changes.set(ground, changed);
    return changed;
  }

  /** What a container holds that has got there. */
  get holding(): States {
    return (this.holdingMemo ??= new Map(
      [...this.desired.content].map(([path, { state }]) => [path, state]),
    ));
  }

  /** What a new container is given, whatever its image holds. */
  get initial(): readonly string[] {
    return (this.initialMemo ??= this.initialPaths());
  }

  /** 16 hex digits of what containers hold beside what their image does. */
  get hash(): string {
    return (this.hashMemo ??= this.hashed());
  }

  private initialPaths(): string[] {
    const { liveUpdate, content } = this.desired;
    if (!liveUpdate.initialSync) return [];
    return [...content.values()]
      .filter((entry) => isInitial(liveUpdate, entry))
      .map(({ path }) => path);
  }

  private hashed(): string {
    const { generation, base, content } = this.desired;
    const hash = createHash('sha256').update(JSON.stringify(generation));
    for (const path of [...this.changedFrom(base)].sort()) {
      const state = content.get(path)?.state ?? NOTHING;
      hash.update(JSON.stringify([path, state]));
    }
    return hash.digest('hex').slice(0, 16);
  }
}
