import type { ApiResource } from './discovery';

export interface ResourcePlace {
  /** None: cluster-scoped, or of all namespaces. */
  readonly namespace?: string;
  /** None: the collection. */
  readonly name?: string;
  readonly subresource?: string;
}

/** `/apis/apps/v1/namespaces/shop/deployments/web`; each part is encoded. */
export function resourcePath(
  { group, version, plural, namespaced }: ApiResource,
  { namespace, name, subresource }: ResourcePlace = {},
): string {
  const isIn = namespaced && namespace !== undefined;
  const parts = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(isIn ? ['namespaces', namespace] : []),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
