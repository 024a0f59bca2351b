import type { Cluster } from '../../cluster';
import { eventsOf } from './details';
import type { PodTrouble } from './pod-trouble';

/** Of the cluster autoscaler and GKE, of Karpenter and EKS Auto Mode. */
const ON_ITS_WAY = ['TriggeredScaleUp', 'Nominated'];
const IN_VAIN = ['NotTriggerScaleUp', 'FailedScaleUp'];

/** Whether somebody makes a node for a pod that fits on none. */
export async function getsNode(
  { pod }: PodTrouble,
  cluster: Cluster,
): Promise<boolean> {
  const events = await eventsOf(pod, cluster);
  const last = events
    .map(({ reason = '' }) => reason)
    .filter((reason) => [...ON_ITS_WAY, ...IN_VAIN].includes(reason))
    .at(-1);
  return last !== undefined && ON_ITS_WAY.includes(last);
}
