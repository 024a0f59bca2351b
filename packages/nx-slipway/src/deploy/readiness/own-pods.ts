import type { LiveObject } from '../live';
import { conditionOf, fieldsOf } from './status';

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** What is there beside the object that is waited for. */
export interface Related {
  readonly pods: readonly LiveObject[];
  readonly replicaSets: readonly LiveObject[];
  /** Those that CronJobs make. */
  readonly jobs?: readonly LiveObject[];
}

/** All pods of a workload, of whatever template; a pod is its own. */
export function podsOf(object: LiveObject, related: Related): LiveObject[] {
  const { uid = '' } = object.metadata;
  const { pods } = related;
  if (object.kind === 'Pod') {
    return pods.filter(({ metadata }) => metadata.uid === uid);
  }
  const makers = makersOf(object, related);
  if (!makers) return ownedBy(pods, uid);
  return makers.flatMap(({ metadata }) => ownedBy(pods, metadata.uid));
}

/** Who makes its pods; undefined: it does so itself. */
function makersOf(
  { kind, metadata: { uid } }: LiveObject,
  { replicaSets, jobs = [] }: Related,
): LiveObject[] | undefined {
  if (kind === 'Deployment') return ownedBy(replicaSets, uid);
  return kind === 'CronJob' ? ownedBy(jobs, uid) : undefined;
}

/** Those of its newest template. */
export function newestPods(object: LiveObject, related: Related): LiveObject[] {
  switch (object.kind) {
    case 'Deployment': {
      const newest = newestReplicaSet(object, related.replicaSets);
      return newest ? ownedBy(related.pods, newest.metadata.uid) : [];
    }
    case 'StatefulSet': {
      const { updateRevision } = fieldsOf(object, 'status');
      return podsOf(object, related).filter(
        ({ metadata: { labels } }) =>
          labels?.['controller-revision-hash'] === updateRevision,
      );
    }
    case 'DaemonSet': {
      const generation = object.metadata.annotations?.[TEMPLATE_GENERATION];
      return podsOf(object, related).filter(
        ({ metadata: { labels } }) =>
          labels?.['pod-template-generation'] === generation,
      );
    }
    case 'CronJob': {
      const newest = newestJob(object, related);
      return newest ? ownedBy(related.pods, newest.metadata.uid) : [];
    }
    default:
      return podsOf(object, related);
  }
}

/** Undefined until the Deployment has been looked at since its change. */
function newestReplicaSet(
  deployment: LiveObject,
  replicaSets: readonly LiveObject[],
): LiveObject | undefined {
  const revision = deployment.metadata.annotations?.[REVISION];
  return ownedBy(replicaSets, deployment.metadata.uid).find(
    ({ metadata }) => metadata.annotations?.[REVISION] === revision,
  );
}

function newestJob(object: LiveObject, related: Related) {
  const time = ({ metadata }: LiveObject) => String(metadata.creationTimestamp);
  const jobs = makersOf(object, related) ?? [];
  return jobs.sort((a, b) => (time(a) < time(b) ? -1 : 1)).at(-1);
}

/** What an object has made, and what that has made. */
export function madeBy(object: LiveObject, related: Related): LiveObject[] {
  const { pods } = related;
  const makers = makersOf(object, related) ?? [];
  const made = makers.flatMap(({ metadata }) => ownedBy(pods, metadata.uid));
  return [...makers, ...made, ...ownedBy(pods, object.metadata.uid)];
}

function ownedBy(
  objects: readonly LiveObject[],
  uid: string | undefined,
): LiveObject[] {
  return objects.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some(
      (owner) => owner.controller === true && owner.uid === uid,
    ),
  );
}

/** Whether a pod serves, and goes on to. */
export function isReadyPod(pod: LiveObject): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    conditionOf(pod, 'Ready')?.status === 'True'
  );
}

/** Whether it runs no more, though it is kept: a Job's, or an evicted one. */
export function hasEndedPod(pod: LiveObject): boolean {
  const { phase } = fieldsOf(pod, 'status');
  return phase === 'Succeeded' || phase === 'Failed';
}
