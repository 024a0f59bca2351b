import type { Stats } from 'node:fs';
import { isSameStamp, stampIn, type Stamp } from '../disk';
import type { FileState } from './input-hash';

/**
 * What files were when they were hashed last. A process that hashes the same
 * again and again reads only those that have changed: by the time of the change,
 * which no program can set, size and inode.
 */
export class KnownFiles {
  private readonly known = new Map<string, Known>();

  /** @param stat of just now */
  find(path: string, stat: Stats): FileState | undefined {
    const found = this.known.get(path);
    return found && isSameStamp(found.stamp, stampIn(stat))
      ? found.state
      : undefined;
  }

  /** @param stat from before it was read */
  remember(path: string, stat: Stats, state: FileState): void {
    const stamp = stampIn(stat);
    if (stamp) this.known.set(path, { stamp, state });
    else this.known.delete(path);
  }
}

interface Known {
  readonly stamp: Stamp;
  readonly state: FileState;
}
