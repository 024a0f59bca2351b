import type { KubeObject, ManifestObject } from '../../manifest';
import { groupOf } from '../object-name';

/** How a kind will come that the cluster does not know yet. */
export interface ComingKind {
  readonly by: 'definition' | 'service';
  /** Whether its objects are in namespaces; of a service nobody knows yet. */
  readonly namespaced?: boolean;
}

interface DefinitionSpec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string };
  readonly versions?: readonly { readonly name?: string }[];
  readonly version?: string;
}

/** Whether objects of the set bring that kind with them, and how. */
export function comingKind(
  objects: readonly ManifestObject[],
  apiVersion: string,
  kind: string,
): ComingKind | undefined {
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(group === '' ? 0 : group.length + 1);
  for (const { object } of objects) {
    const spec = (object.spec ?? {}) as DefinitionSpec;
    if (spec.group !== group) continue;
    if (isDefinition(object) && spec.names?.kind === kind) {
      const isServed = spec.versions?.some(({ name }) => name === version);
      if (isServed) {
        return { by: 'definition', namespaced: spec.scope === 'Namespaced' };
      }
    }
    if (isApiService(object) && spec.version === version) {
      return { by: 'service' };
    }
  }
  return undefined;
}

export function isDefinition({ apiVersion, kind }: KubeObject): boolean {
  return (
    kind === 'CustomResourceDefinition' &&
    groupOf(apiVersion) === 'apiextensions.k8s.io'
  );
}

export function isApiService({ apiVersion, kind }: KubeObject): boolean {
  return (
    kind === 'APIService' && groupOf(apiVersion) === 'apiregistration.k8s.io'
  );
}
