import type { Target } from '../desired';
import type { LiveObject } from '../live';

/**
 * How a workload gets new pods: by a rollout, as `kubectl rollout restart`; by
 * deleting them, where it rolls nothing out; or not at all.
 */
export type Way = 'rollout' | 'deletion' | 'none';

const ROLLED = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'];

interface Spec {
  readonly paused?: boolean;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number } | null;
  };
}

export function wayOf(
  { groupKind }: Pick<Target, 'groupKind'>,
  live: LiveObject,
): Way {
  if (['Job.batch', 'CronJob.batch'].includes(groupKind)) return 'none';
  const { paused = false, updateStrategy } = (live.spec ?? {}) as Spec;
  const isRolled =
    ROLLED.includes(groupKind) &&
    !paused &&
    updateStrategy?.type !== 'OnDelete' &&
    // Of a StatefulSet: pods below it come back as they were.
    !updateStrategy?.rollingUpdate?.partition;
  return isRolled ? 'rollout' : 'deletion';
}
