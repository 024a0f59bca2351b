import type { Cluster } from './cluster';
import { listNodes } from './node-list';

/**
 * The names, by tag and by digest, of the images that nodes say they have. A
 * kubelet lists 50 of them unless told otherwise (`nodeStatusMaxImages`), the
 * largest first, and some tens of seconds late: a name that is here is there,
 * one that is not may be there yet.
 * @throws as Cluster.get
 */
export async function imagesOnNodes(
  cluster: Cluster,
): Promise<readonly string[]> {
  const nodes = (await listNodes((path) => cluster.get(path))) ?? [];
  const names = nodes.flatMap(({ status }) =>
    (status?.images ?? []).flatMap((image) => image.names ?? []),
  );
  return [...new Set(names)];
}
