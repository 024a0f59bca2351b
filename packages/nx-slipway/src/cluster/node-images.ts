import type { Cluster } from './cluster';
import type { NodeList } from './nodes';

/** Nodes are large, for all their images. */
const PAGE = 100;

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
  const names = new Set<string>();
  let next = '';
  do {
    const from = next && `&continue=${encodeURIComponent(next)}`;
    const page = await cluster.get<NodeList>(
      `/api/v1/nodes?limit=${PAGE}${from}`,
    );
    for (const node of page?.items ?? []) {
      for (const image of node.status?.images ?? []) {
        for (const name of image.names ?? []) names.add(name);
      }
    }
    next = page?.metadata?.continue ?? '';
  } while (next);
  return [...names];
}
