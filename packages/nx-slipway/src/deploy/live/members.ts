import {
  listObjects,
  resourcePath,
  type ApiResource,
  type Cluster,
  type WatchedObject,
} from '../../cluster';
import { inParallel } from '../in-parallel';
import { labelSelector } from '../inventory';
import {
  apiVersionOf,
  groupKindOf,
  keyOf,
  type ObjectName,
} from '../object-name';
import type { LiveObject } from './live-object';

/** An object in the cluster that a set has labelled as its own. */
export interface Member extends ObjectName {
  readonly object: LiveObject;
  readonly resource: ApiResource;
  readonly key: string;
  readonly groupKind: string;
}

interface Place {
  readonly resource: ApiResource;
  readonly namespace?: string;
}

/**
 * All members of a set, by one list for each kind and namespace.
 * @throws as Cluster.request
 */
export async function listMembers(
  resources: readonly ApiResource[],
  namespaces: readonly string[],
  setId: string,
  cluster: Cluster,
): Promise<Member[]> {
  const places = resources.flatMap<Place>((resource) =>
    resource.namespaced
      ? namespaces.map((namespace) => ({ resource, namespace }))
      : [{ resource }],
  );
  const lists = await inParallel(places, ({ resource, namespace }) =>
    listAll(resource, resourcePath(resource, { namespace }), setId, cluster),
  );
  return lists.flat();
}

async function listAll(
  resource: ApiResource,
  path: string,
  setId: string,
  cluster: Cluster,
): Promise<Member[]> {
  const selected = `${path}?${labelSelector('part-of', setId)}`;
  const list = await listObjects(cluster, selected);
  if ('objects' in list) {
    return [...list.objects.values()].map((item) => memberOf(item, resource));
  }
  const { request, answer } = list;
  // A CustomResourceDefinition may have gone meanwhile: then there is none.
  if (answer.status === 404) return [];
  throw cluster.refusal(request, answer);
}

/** @param item as the API has it in a list, where it does not say what it is */
export function memberOf(item: WatchedObject, resource: ApiResource): Member {
  const { group, kind } = resource;
  const { namespace, name } = item.metadata;
  const called = { group, kind, namespace, name };
  return {
    ...called,
    object: { ...item, apiVersion: apiVersionOf(resource), kind },
    resource,
    key: keyOf(called),
    groupKind: groupKindOf(called),
  };
}
