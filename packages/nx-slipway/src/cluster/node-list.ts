import type { Cluster } from './cluster';
import type { ClusterNode, NodeList } from './nodes';

/** Nodes are large, for all their images. */
const PAGE = 100;

/**
 * All nodes, page by page.
 * @param get `get` or `getIfPermitted` of a cluster
 * @returns undefined if `get` has said so: the user may not list them
 * @throws as `get`
 */
export async function listNodes(
  get: Cluster['get'],
): Promise<readonly ClusterNode[] | undefined> {
  const nodes: ClusterNode[] = [];
  let next = '';
  do {
    const from = next && `&continue=${encodeURIComponent(next)}`;
    const page = await get<NodeList>(`/api/v1/nodes?limit=${PAGE}${from}`);
    if (!page) return undefined;
    nodes.push(...(page.items ?? []));
    next = page.metadata?.continue ?? '';
  } while (next);
  return nodes;
}
