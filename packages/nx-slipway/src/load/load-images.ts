import { listNodes, type ClusterNode } from '../cluster';
import { formatReference } from '../image';
import { nodesLacking, type LoadImage } from './lacking';
import type { Load } from './load';
import { noWay, notInDocker } from './load-errors';
import { loadImage } from './load-image';
import { seesDocker } from './sees-docker';
import type { LoadSystems } from './systems';

export interface LoadReport {
  readonly loaded: readonly {
    readonly ref: string;
    /** Their names; empty where nobody may list them. */
    readonly nodes: readonly string[];
  }[];
  /** Refs of images that are where the cluster runs them from already. */
  readonly present: readonly string[];
}

/**
 * Brings images that stand in Docker alone to the nodes that lack them. One
 * image after the other, since images of one workspace share layers, which the
 * second then finds there; to all nodes at once.
 * @param load none: the cluster must run from this very Docker
 * @throws SLIPWAY_E_LOAD, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_CANCELLED, and what
 *   Docker and the cluster throw
 */
export async function loadImages(
  images: readonly LoadImage[],
  load: Load | undefined,
  systems: LoadSystems,
): Promise<LoadReport> {
  if (images.length === 0) return { loaded: [], present: [] };
  const { cluster } = systems;
  const nodes = await listNodes((path) => cluster.getIfPermitted(path));
  const refs = images.map(({ ref }) => formatReference(ref));
  if (!load) {
    if (await isOfCluster(nodes, systems)) return { loaded: [], present: refs };
    throw noWay(refs, cluster.context);
  }
  if (!nodes) {
    systems.reporter.warn(
      `the nodes of ${cluster.context} may not be listed: images are loaded without a look at whether they are there.`,
    );
  }
  return loadAll(images, nodes, load, systems);
}

async function isOfCluster(
  nodes: readonly ClusterNode[] | undefined,
  { cluster: { context }, docker }: LoadSystems,
): Promise<boolean> {
  return seesDocker({ context, nodes, docker: await docker.info() });
}

async function loadAll(
  images: readonly LoadImage[],
  nodes: readonly ClusterNode[] | undefined,
  load: Load,
  systems: LoadSystems,
): Promise<LoadReport> {
  const { docker, cluster, known, reporter } = systems;
  const loaded: { ref: string; nodes: readonly string[] }[] = [];
  const present: string[] = [];
  for (const image of images) {
    const ref = formatReference(image.ref);
    const isKnown = (node: string) =>
      known?.has(cluster.server, node, ref) ?? false;
    const lacking = nodes && nodesLacking(image, nodes, isKnown);
    if (lacking?.length === 0) {
      present.push(ref);
      continue;
    }
    if (!(await docker.inspect(ref))) throw notInDocker(ref, docker.address);
    await loadImage(image, lacking, load, systems);
    for (const node of lacking ?? []) known?.add(cluster.server, node, ref);
    const where = lacking?.join(', ') ?? cluster.context;
    reporter.info(`loaded ${ref} into ${where}`);
    loaded.push({ ref, nodes: lacking ?? [] });
  }
  return { loaded, present };
}
