import type { ApiResource } from '../cluster';
import type { KubeObject } from '../manifest';

/** What an object is called, whatever the version it is written in. */
export interface ObjectName {
  /** Empty: the core group. */
  readonly group: string;
  readonly kind: string;
  /** None: cluster-scoped. */
  readonly namespace?: string;
  readonly name: string;
}

export function groupOf(apiVersion: string): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined ? '' : (group ?? '');
}

export function apiVersionOf({
  group,
  version,
}: Pick<ApiResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `Deployment.apps`, `Service`, as ApplySets write it. */
export function groupKindOf({
  group,
  kind,
}: Pick<ObjectName, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}

export function groupKindOfObject({ apiVersion, kind }: KubeObject): string {
  return groupKindOf({ group: groupOf(apiVersion), kind });
}

/** The same for two objects only if they are one. */
export function keyOf({ group, kind, namespace = '', name }: ObjectName) {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** `Deployment web in shop`, for people. */
export function inWords({
  kind,
  namespace,
  name,
}: Omit<ObjectName, 'group'>): string {
  const where = namespace === undefined ? '' : ` in ${namespace}`;
  return `${kind} ${name}${where}`;
}
