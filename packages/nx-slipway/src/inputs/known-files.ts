import type { Stats } from 'node:fs';
import { isSameStamp, stampIn, type Stamp } from '../disk';
import type { FileState } from './input-hash';

/** Fewer are not worth the look which of them are gone. */
const LEAST = 10_000;

/**
 * What files were when they were hashed last. A process that hashes the same
 * again and again reads only those that have changed: by the time of the change,
 * which no program can set, size and inode. What nobody asks for any more is
 * forgotten in time: a build that names its output by its hash leaves new names.
 */
export class KnownFiles {
  private readonly known = new Map<string, Known>();
  private round = 0;
  /** How often one was known, in this round. */
  private hits = 0;
  private limit = LEAST;

  /** Of how many files it knows. */
  get size(): number {
    return this.known.size;
  }

  /** @param stat of just now */
  find(path: string, stat: Stats): FileState | undefined {
    const found = this.known.get(path);
    if (!found || !isSameStamp(found.stamp, stampIn(stat))) return undefined;
    found.round = this.round;
    this.hits += 1;
    return found.state;
  }

  /** @param stat from before it was read */
  remember(path: string, stat: Stats, state: FileState): void {
    const { round } = this;
    const stamp = stampIn(stat);
    if (stamp) this.known.set(path, { stamp, state, round });
    else this.known.delete(path);
    // While all is new, nothing is of the past.
    const { size } = this.known;
    if (size > this.limit && this.hits > size) this.forget();
  }

  private forget(): void {
    for (const [path, { round }] of this.known) {
      if (round < this.round) this.known.delete(path);
    }
    this.round += 1;
    this.hits = 0;
    this.limit = Math.max(LEAST, 2 * this.known.size);
  }
}

interface Known {
  readonly stamp: Stamp;
  readonly state: FileState;
  /** In which it was asked for last. */
  round: number;
}
