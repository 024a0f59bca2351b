import type { Cluster } from '../../cluster';
import { hasCode, type SlipwayError } from '../../report';
import { takesItselfAway } from '../apply';
import { readLive, type LiveObject } from '../live';
import { DELETED, driftOf, drifted, type Drifted } from './drift';
import type { Following } from './following';
import type { Applied, Memory } from './memory';
import { ownerOf } from './owner';
import type { Drift } from './types';

/** What is known of one object since it was applied. */
interface Known {
  /** Which version was looked at last. */
  version?: string;
  /** Whether it was ever seen: what is gone then was deleted. */
  isSeen?: boolean;
  /** Which state was told of. None: it is as it was applied. */
  told?: string;
}

export interface DriftWatchParts {
  readonly memory: Memory;
  readonly following: Following;
  readonly cluster: Cluster;
  readonly onDrift: (drift: Drift) => void;
}

/** Tells what others do to the objects of a set, once for each change. */
export class DriftWatch {
  private readonly known = new WeakMap<Applied, Known>();
  private isResting = false;

  constructor(private readonly parts: DriftWatchParts) {}

  /** While we write, what is seen may be ours. */
  rest(): void {
    this.isResting = true;
  }

  goOn(): void {
    this.isResting = false;
  }

  look(): void {
    if (this.isResting) return;
    for (const applied of this.parts.memory.all()) this.lookAt(applied);
  }

  isDrifted(applied: Applied): boolean {
    return this.knownOf(applied).told !== undefined;
  }

  /** @param drift undefined: it is as it was applied */
  note(applied: Applied, drift: Drifted | undefined): void {
    const known = this.knownOf(applied);
    if (known.told === drift?.state) return;
    known.told = drift?.state;
    if (!drift) return;
    const { message } = drift;
    this.parts.onDrift({ ...ownerOf(applied.target), message });
  }

  private lookAt(applied: Applied): void {
    const { watches } = this.parts.following;
    const { target, object } = applied;
    const members = this.parts.following.membersLike(target);
    if (!object || !watches.sees(members)) return;
    const now = watches.find(members, target.name);
    const known = this.knownOf(applied);
    const version = now?.metadata.resourceVersion;
    if (known.version === version) return;
    known.version = version;
    // It goes by itself when it has run.
    if (takesItselfAway(target) && (!now || isGoing(now))) return;
    if (now) {
      known.isSeen = true;
      this.note(applied, driftOf(target.object, object, now));
    } else if (known.isSeen) {
      this.lookForGone(applied).catch((error: unknown) => {
        // It is asked again with the next change.
        known.version = '';
        if (!isAway(error)) throw error;
      });
    }
  }

  /** What has lost our label is not seen any more, and is not gone. */
  private async lookForGone(applied: Applied): Promise<void> {
    const { memory, cluster } = this.parts;
    const { target, object } = applied;
    const now = await readLive(target, cluster);
    if (this.isResting || memory.get(target.key) !== applied) return;
    const drift = !now
      ? DELETED
      : ((object && driftOf(target.object, object, now)) ??
        drifted('unlabelled', 'somebody took its label away'));
    this.note(applied, drift);
  }

  private knownOf(applied: Applied): Known {
    const known = this.known.get(applied) ?? {};
    this.known.set(applied, known);
    return known;
  }
}

function isGoing({ metadata }: LiveObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isAway(error: unknown): error is SlipwayError {
  return hasCode(
    error,
    'SLIPWAY_E_CLUSTER_UNREACHABLE',
    'SLIPWAY_E_CLUSTER_REFUSED',
    'SLIPWAY_E_CLUSTER_FAILED',
    'SLIPWAY_E_CANCELLED',
  );
}
