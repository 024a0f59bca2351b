import type { BuildSystems } from '../../build';
import { nodePlatforms, type Cluster } from '../../cluster';
import { familiarName, formatReference } from '../../image';
import {
  assertRunnable,
  loadImages,
  parseLoad,
  type LoadSystems,
} from '../../load';
import type { SetImage } from '../manifest-set/images';
import type { DeployExecutorSchema } from './schema';

/** What of an image is brought to nodes. */
export type NodeImage = Omit<SetImage, 'built' | 'use'>;

type Systems = BuildSystems & Pick<LoadSystems, 'dir'>;

/**
 * Sees to it that the nodes can run the images: for their platforms, and of
 * those in no registry that they have them. A dry run loads nothing.
 * @throws SLIPWAY_E_IMAGE_PLATFORM, SLIPWAY_E_LOAD, SLIPWAY_E_TOOL_MISSING
 */
export async function bringToNodes(
  images: readonly NodeImage[],
  options: Pick<DeployExecutorSchema, 'load' | 'dryRun'>,
  cluster: Cluster,
  systems: Systems,
): Promise<void> {
  const load = parseLoad(options.load, 'load');
  if (images.length === 0) return;
  const platforms = await nodePlatforms(cluster);
  if (!platforms) {
    systems.reporter.info(
      `the nodes of ${cluster.context} may not be listed, so whether they can run the images is not looked at`,
    );
  }
  assertRunnable(images, platforms);
  const alone = images.filter(({ isInDockerAlone }) => isInDockerAlone);
  if (alone.length === 0 || options.dryRun) return;
  await asClusterNames(alone, systems, () =>
    loadImages(alone, load, { ...systems, cluster }),
  );
}

/** Docker may have an image under another name than the cluster is to know it by. */
async function asClusterNames(
  images: readonly NodeImage[],
  { docker }: Systems,
  work: () => Promise<unknown>,
): Promise<void> {
  const others = images.filter(
    ({ ref, local }) => formatReference(ref) !== formatReference(local),
  );
  for (const { ref, local } of others) {
    await docker.tag(formatReference(local), familiarName(ref), ref.tag ?? '');
  }
  try {
    await work();
  } finally {
    for (const { ref } of others) await docker.untag(formatReference(ref));
  }
}
