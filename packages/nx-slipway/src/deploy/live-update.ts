import type { Target } from './desired';
import type { LiveObject } from './live';

/**
 * On pods that hold other files than their images. serve writes it before it
 * touches one.
 */
export const LIVE_UPDATE = 'nx-slipway.dev/live-update';

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
