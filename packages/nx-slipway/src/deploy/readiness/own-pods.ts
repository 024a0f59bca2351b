import type { LiveObject } from '../live';
import { fieldsOf } from './status';

interface OwnerReference {
  readonly uid?: string;
  readonly controller?: boolean;
}

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** What is there beside the object that is waited for. */
export interface Related {
  readonly pods: readonly LiveObject[];
  readonly replicaSets: readonly LiveObject[];
}

/** The pods of the newest template of a workload; a pod is its own. */
export function ownPods(object: LiveObject, related: Related): LiveObject[] {
  const { uid = '' } = object.metadata;
  const { pods } = related;
  switch (object.kind) {
    case 'Pod':
      return pods.filter(({ metadata }) => metadata.uid === uid);
    case 'Deployment': {
      const newest = newestReplicaSet(object, related.replicaSets);
      return newest ? ownedBy(pods, newest.metadata.uid) : [];
    }
    case 'StatefulSet': {
      const { updateRevision } = fieldsOf(object, 'status');
      return ownedBy(pods, uid).filter(
        ({ metadata: { labels } }) =>
          labels?.['controller-revision-hash'] === updateRevision,
      );
    }
    case 'DaemonSet': {
      const generation = object.metadata.annotations?.[TEMPLATE_GENERATION];
      return ownedBy(pods, uid).filter(
        ({ metadata: { labels } }) =>
          labels?.['pod-template-generation'] === generation,
      );
    }
    default:
      return ownedBy(pods, uid);
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
    (ownerReferences as OwnerReference[]).some(
      (owner) => owner.controller === true && owner.uid === uid,
    ),
  );
}
