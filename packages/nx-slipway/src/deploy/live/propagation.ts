/** What makes pods, and is gone when they are. */
const WITH_PODS = [
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'ReplicaSet.apps',
  'ReplicationController',
  'Job.batch',
  'CronJob.batch',
];

export function makesPods(groupKind: string): boolean {
  return WITH_PODS.includes(groupKind);
}

/**
 * How an object is deleted whose end is waited for. Of what makes pods, these
 * go first. The garbage collector takes its time for that, half a minute for a
 * kind that it has not met yet: all else is deleted at once.
 */
export function propagationOf(groupKind: string): 'Foreground' | 'Background' {
  return makesPods(groupKind) ? 'Foreground' : 'Background';
}
