import type { ApiResource } from '../../cluster';
import type { KubeObject, ManifestObject } from '../../manifest';
import { PART_OF } from '../inventory';
import { SERVED_RANK, rankOf } from '../kind-order';
import { groupKindOf, keyOf, type ObjectName } from '../object-name';

/** An object that is to be in the cluster. */
export interface Target extends ObjectName {
  /** As it is sent: in its namespace, with our label. */
  readonly object: KubeObject;
  readonly resource: ApiResource;
  readonly key: string;
  /** `Deployment.apps` */
  readonly groupKind: string;
  readonly rank: number;
  readonly manifest: ManifestObject;
  /** Where its manifest is, `k8s/web.yaml:12`. */
  readonly origin: string;
}

/** What the server sets, and what is in manifests that were read from one. */
const SERVERS_OWN = [
  'managedFields',
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'generation',
  'selfLink',
];

/** @param isServedBySet whether its kind comes with an APIService of the set */
export function targetOf(
  manifest: ManifestObject,
  resource: ApiResource,
  { namespace: fallback, setId }: { namespace: string; setId: string },
  isServedBySet = false,
): Target {
  const { object, origin, line } = manifest;
  const { group, kind, namespaced } = resource;
  const { namespace: own, labels, ...rest } = object.metadata;
  const namespace = namespaced ? (own ?? fallback) : undefined;
  const name = { group, kind, namespace, name: rest.name };
  const groupKind = groupKindOf(name);
  const metadata = Object.fromEntries(
    Object.entries(rest).filter(([key]) => !SERVERS_OWN.includes(key)),
  );
  return {
    ...name,
    object: {
      ...object,
      metadata: {
        ...metadata,
        name: rest.name,
        ...(namespace !== undefined && { namespace }),
        labels: { ...labels, [PART_OF]: setId },
      },
    },
    resource,
    key: keyOf(name),
    groupKind,
    rank: isServedBySet ? SERVED_RANK : rankOf(groupKind),
    manifest,
    origin: `${origin}:${line}`,
  };
}
