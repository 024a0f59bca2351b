import type { Cluster } from './cluster';
import { listNodes } from './node-list';

/** As Go has it: `linux`, `amd64`. */
export interface NodePlatform {
  readonly os: string;
  readonly architecture: string;
}

/**
 * The platforms of the nodes, each once.
 * @returns undefined if the user may not list nodes
 * @throws as Cluster.getIfPermitted
 */
export async function nodePlatforms(
  cluster: Cluster,
): Promise<readonly NodePlatform[] | undefined> {
  const nodes = await listNodes((path) => cluster.getIfPermitted(path));
  if (!nodes) return undefined;
  const platforms = nodes.flatMap(({ status }) => {
    const { operatingSystem: os, architecture } = status?.nodeInfo ?? {};
    return os && architecture ? [{ os, architecture }] : [];
  });
  const byName = platforms.map((one) => [`${one.os}/${one.architecture}`, one]);
  return [...new Map(byName as [string, NodePlatform][]).values()];
}
