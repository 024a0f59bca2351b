import type { LiveObject } from '../live';
import { fieldsOf } from './status';

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** What is there beside the object that is waited for. */
export interface Related {
  readonly pods: readonly LiveObject[];
  readonly replicaSets: readonly LiveObject[];
}

/** All pods of a workload, of whatever template; a pod is its own. */
export function podsOf(object: LiveObject, related: Related): LiveObject[] {
  const { uid = '' } = object.metadata;
  const { pods, replicaSets } = related;
  if (object.kind === 'Pod') {
    return pods.filter(({ metadata }) => metadata.uid === uid);
  }
  if (object.kind !== 'Deployment') return ownedBy(pods, uid);
  return ownedBy(replicaSets, uid).flatMap(({ metadata }) =>
    ownedBy(pods, metadata.uid),
  );
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
