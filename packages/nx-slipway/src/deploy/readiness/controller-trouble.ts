import type { LiveObject } from '../live';
import { fieldsOf, numberOf, saidBy } from './status';
import type { PodTrouble } from './pod-trouble';

/** An event of the core API. */
export interface ClusterEvent {
  readonly type?: string;
  readonly involvedObject?: {
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata?: { readonly creationTimestamp?: string };
}

/** By the cluster's clock, to the second: only for comparing. */
export function timeOf(event: ClusterEvent): string {
  const { lastTimestamp, eventTime, metadata } = event;
  return lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '';
}

/** These say in no field that they may make no pod: a quota, a webhook. */
const SAID_BY_EVENTS = ['StatefulSet', 'DaemonSet', 'Job'];

export function tellsByEvents({ kind }: { readonly kind: string }): boolean {
  return SAID_BY_EVENTS.includes(kind);
}

/**
 * Why a workload has fewer pods than it should.
 * @param pods all of it
 * @param events those with the reason FailedCreate
 * @returns undefined if it has made one since
 */
export function refusedPod(
  object: LiveObject,
  pods: readonly LiveObject[],
  events: readonly ClusterEvent[],
): string | undefined {
  if (!tellsByEvents(object) || !lacksPods(object)) return undefined;
  const own = events.filter(
    ({ involvedObject }) => involvedObject?.uid === object.metadata.uid,
  );
  const last = own.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1)).at(-1);
  if (!last) return undefined;
  const hasGoneOn = pods.some(
    ({ metadata }) => String(metadata.creationTimestamp) >= timeOf(last),
  );
  return hasGoneOn ? undefined : saidBy(last);
}

function lacksPods(object: LiveObject): boolean {
  const status = fieldsOf(object, 'status');
  switch (object.kind) {
    case 'StatefulSet': {
      const wanted = numberOf(fieldsOf(object, 'spec'), 'replicas', 1);
      return numberOf(status, 'replicas') < wanted;
    }
    case 'DaemonSet': {
      const wanted = numberOf(status, 'desiredNumberScheduled');
      return numberOf(status, 'currentNumberScheduled') < wanted;
    }
    default:
      return numberOf(status, 'active') === 0;
  }
}

/**
 * A StatefulSet takes no new template while a pod of the one before never became
 * ready, even if that one is mended by it
 * (https://github.com/kubernetes/kubernetes/issues/67250).
 * @param trouble of a pod that is not of the newest template
 */
export function wedgedBy(
  object: LiveObject,
  trouble: PodTrouble,
): PodTrouble | undefined {
  const { podManagementPolicy } = fieldsOf(object, 'spec');
  if (object.kind !== 'StatefulSet' || podManagementPolicy === 'Parallel') {
    return undefined;
  }
  const { name } = trouble.pod.metadata;
  const reason = `${trouble.reason}. It is of the template before, and Kubernetes makes no new one until it is ready: \`kubectl delete pod ${name}\``;
  return { ...trouble, reason, weight: 'lasting' };
}
