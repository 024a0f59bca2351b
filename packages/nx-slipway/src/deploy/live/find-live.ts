import { isSuccess, resourcePath, type Cluster } from '../../cluster';
import type { Target } from '../desired';
import { inParallel } from '../in-parallel';
import type { LiveObject } from './live-object';
import type { Member } from './members';

/**
 * From how many on a collection is looked through for them. One list costs as
 * much as a few single requests.
 */
const MANY = 8;
const PAGE = 500;
/** A list of objects without spec and status. */
export const METADATA_ALONE =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * The objects that are desired, as they are now, by their keys: members were
 * listed, and only what is not among them is asked for.
 * @throws as Cluster.request
 */
export async function findLive(
  targets: readonly Target[],
  members: readonly Member[],
  cluster: Cluster,
): Promise<Map<string, LiveObject>> {
  const live = new Map(members.map(({ key, object }) => [key, object]));
  const others = targets.filter(({ key }) => !live.has(key));
  const places = new Map<string, Target[]>();
  for (const target of others) {
    const path = resourcePath(target.resource, { namespace: target.namespace });
    places.set(path, [...(places.get(path) ?? []), target]);
  }
  const perhaps = await inParallel(places, async ([path, those]) =>
    those.length < MANY ? those : presentIn(path, those, cluster),
  );
  await inParallel(perhaps.flat(), async (target) => {
    const object = await readLive(target, cluster);
    if (object) live.set(target.key, object);
  });
  return live;
}

/** @returns undefined if it is not there. @throws as Cluster.request */
export function readLive(
  {
    resource,
    namespace,
    name,
  }: Pick<Target, 'resource' | 'namespace' | 'name'>,
  cluster: Cluster,
): Promise<LiveObject | undefined> {
  return cluster.get(resourcePath(resource, { namespace, name }));
}

/**
 * Those that may be there: of a first deploy none, as a rule, which the names
 * in a collection tell in one request. Of a large one nothing is known.
 */
async function presentIn(
  path: string,
  targets: readonly Target[],
  cluster: Cluster,
): Promise<readonly Target[]> {
  const answer = await cluster.request({
    method: 'GET',
    path: `${path}?limit=${PAGE}`,
    accept: METADATA_ALONE,
  });
  if (!isSuccess(answer)) return targets;
  // Of an empty list it is null.
  const { items, metadata } = answer.body as {
    items?: readonly LiveObject[] | null;
    metadata?: { continue?: string };
  };
  if (metadata?.continue) return targets;
  const names = new Set((items ?? []).map((item) => item.metadata.name));
  return targets.filter(({ name }) => names.has(name));
}
