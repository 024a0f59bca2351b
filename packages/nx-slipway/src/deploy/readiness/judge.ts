import { groupOf } from '../object-name';
import type { LiveObject } from '../live';
import {
  READY,
  conditionOf,
  failed,
  fieldsOf,
  isObserved,
  noted,
  saidBy,
  waiting,
  type Verdict,
} from './status';
import {
  judgeDaemonSet,
  judgeDeployment,
  judgeJob,
  judgeReplicaSet,
  judgeStatefulSet,
} from './workloads';

type Judge = (object: LiveObject, isBoundAtOnce: boolean) => Verdict;

const JUDGES: Readonly<Record<string, Judge>> = {
  'apps/Deployment': judgeDeployment,
  'apps/StatefulSet': judgeStatefulSet,
  'apps/DaemonSet': judgeDaemonSet,
  'apps/ReplicaSet': judgeReplicaSet,
  '/ReplicationController': judgeReplicaSet,
  'batch/Job': judgeJob,
  '/Pod': judgePod,
  '/PersistentVolumeClaim': judgeClaim,
  '/Service': judgeService,
};

/** Of Kubernetes itself; what is not judged above is ready when it exists. */
const BUILT_IN =
  /^(?:|apps|batch|autoscaling|policy|extensions|(?:admissionregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/;

/** Whether an object can be anything else than ready once it is there. */
export function hasReadiness({ apiVersion, kind }: LiveObject): boolean {
  const group = groupOf(apiVersion);
  return `${group}/${kind}` in JUDGES || !BUILT_IN.test(group);
}

/**
 * What has become of an object, by its own status. One of a kind that
 * Kubernetes does not have is judged by the conditions that controllers share
 * (kstatus of cli-utils); one that has none is ready, since nobody may control
 * it.
 * @param isBoundAtOnce of a claim: it is given a volume before a pod wants it
 */
export function judge(object: LiveObject, isBoundAtOnce = false): Verdict {
  if (object.metadata.deletionTimestamp !== undefined) {
    return waiting('it is being deleted');
  }
  const known = JUDGES[`${groupOf(object.apiVersion)}/${object.kind}`];
  return known ? known(object, isBoundAtOnce) : judgeByConditions(object);
}

function judgePod(object: LiveObject): Verdict {
  const status = fieldsOf(object, 'status');
  if (status.phase === 'Succeeded') return noted('it has ended well');
  if (status.phase === 'Failed') {
    return failed(saidBy({ reason: 'Failed', ...status }));
  }
  const ready = conditionOf(object, 'Ready');
  if (ready?.status === 'True') return READY;
  return waiting(ready ? saidBy(ready) : 'it is not scheduled yet');
}

function judgeClaim(object: LiveObject, isBoundAtOnce: boolean): Verdict {
  const { phase } = fieldsOf(object, 'status');
  if (phase === 'Bound') return READY;
  if (phase === 'Lost') return failed('the volume it was bound to is gone');
  if (isBoundAtOnce) return waiting('it has no volume yet');
  // Its consumer, which is waited for, cannot run without.
  return noted('not bound: it waits for its first consumer, or for a volume');
}

function judgeService(object: LiveObject): Verdict {
  const { type } = fieldsOf(object, 'spec');
  const { ingress } = fieldsOf(fieldsOf(object, 'status'), 'loadBalancer');
  const hasAddress = Array.isArray(ingress) && ingress.length > 0;
  return type === 'LoadBalancer' && !hasAddress
    ? noted('no load balancer has given it an address')
    : READY;
}

const FAILED = ['Stalled', 'Failed', 'Failure'];
const GOOD = ['Ready', 'Established', 'Available'];

function judgeByConditions(object: LiveObject): Verdict {
  if (!isObserved(object)) {
    return waiting('its controller has not seen the change yet');
  }
  for (const type of FAILED) {
    const condition = conditionOf(object, type);
    if (condition?.status === 'True') return failed(saidBy(condition));
  }
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') return waiting(saidBy(reconciling));
  for (const type of GOOD) {
    const condition = conditionOf(object, type);
    if (!condition) continue;
    return condition.status === 'True' ? READY : waiting(saidBy(condition));
  }
  return READY;
}
