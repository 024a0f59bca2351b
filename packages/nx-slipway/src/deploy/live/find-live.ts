import { resourcePath, type Cluster } from '../../cluster';
import type { Target } from '../desired';
import { inParallel } from '../in-parallel';
import type { LiveObject } from './live-object';
import type { Member } from './members';

/**
 * The objects that are desired, as they are now, by their keys: members were
 * listed, and only what is not among them is asked for one by one.
 * @throws as Cluster.request
 */
export async function findLive(
  targets: readonly Target[],
  members: readonly Member[],
  cluster: Cluster,
): Promise<Map<string, LiveObject>> {
  const live = new Map(members.map(({ key, object }) => [key, object]));
  const others = targets.filter(({ key }) => !live.has(key));
  await inParallel(others, async (target) => {
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
