import { LIVE_UPDATE } from '../settings';
import type { Target } from './desired';
import type { LiveObject } from './live';

/** Whether a pod did, and stays if nobody replaces it. */
export function tookLiveUpdate({ metadata }: LiveObject): boolean {
  return (
    metadata.annotations?.[LIVE_UPDATE] !== undefined &&
    metadata.deletionTimestamp === undefined
  );
}

/** Why a pod of a manifest is made anew: nobody else replaces it. */
export function whyPodAnew(
  { groupKind }: Pick<Target, 'groupKind'>,
  live: LiveObject,
): string | undefined {
  return groupKind === 'Pod' && tookLiveUpdate(live)
    ? 'it took live updates'
    : undefined;
}
