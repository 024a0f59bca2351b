import type { Target } from '../desired';
import type { LiveObject } from '../live';
import {
  isObserved,
  isReadyPod,
  newestPods,
  podsOf,
  type Related,
} from '../readiness';
import { ownerOf } from './owner';
import type { ServedPod } from './types';

/**
 * The pods of one object of a set.
 * @param live as it was last seen
 * @param generation that it has at least, since we have applied that
 */
export function servedPods(
  target: Target,
  live: LiveObject,
  generation: number,
  related: Related,
): ServedPod[] {
  const isCurrent =
    isObserved(live) && (live.metadata.generation ?? 0) >= generation;
  const newest = new Set(isCurrent ? newestPods(live, related) : []);
  const owner = ownerOf(target);
  return podsOf(live, related).map((pod) => ({
    pod,
    owner,
    isNewest: newest.has(pod),
    isReady: isReadyPod(pod),
  }));
}
