import { resourcePath, type ApiResource, type Cluster } from '../../cluster';
import { inParallel } from '../in-parallel';
import { labelSelector } from '../inventory';
import { groupKindOf, keyOf, type ObjectName } from '../object-name';
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

const PAGE = 500;

interface ObjectList {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly LiveObject[];
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
  const members: Member[] = [];
  const query = `${labelSelector('part-of', setId)}&limit=${PAGE}`;
  let next: string | undefined = '';
  do {
    const on: string = next ? `&continue=${encodeURIComponent(next)}` : '';
    // A CustomResourceDefinition may have gone meanwhile: then there is none.
    const page: ObjectList =
      (await cluster.get<ObjectList>(`${path}?${query}${on}`)) ?? {};
    members.push(...(page.items ?? []).map((item) => memberOf(item, resource)));
    next = page.metadata?.continue;
  } while (next);
  return members;
}

export function memberOf(item: LiveObject, resource: ApiResource): Member {
  const { group, version, kind } = resource;
  const { namespace, name } = item.metadata;
  const called = { group, kind, namespace, name };
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return {
    ...called,
    // The items of a list do not say what they are.
    object: { ...item, apiVersion, kind },
    resource,
    key: keyOf(called),
    groupKind: groupKindOf(called),
  };
}
