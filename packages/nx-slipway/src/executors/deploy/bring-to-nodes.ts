import type { BuildSystems } from '../../build';
import { nodePlatforms, type Cluster } from '../../cluster';
import {
  assertRunnable,
  loadImages,
  parseLoad,
  type LoadSystems,
} from '../../load';
import type { SetImage } from '../manifest-set/images';
import type { DeployExecutorSchema } from './schema';

/**
 * Sees to it that the nodes can run the images: for their platforms, and of
 * those in no registry that they have them.
 * @throws SLIPWAY_E_IMAGE_PLATFORM, SLIPWAY_E_LOAD, SLIPWAY_E_TOOL_MISSING
 */
export async function bringToNodes(
  images: readonly SetImage[],
  options: DeployExecutorSchema,
  cluster: Cluster,
  systems: BuildSystems & Pick<LoadSystems, 'dir'>,
): Promise<void> {
  if (images.length === 0) return;
  const load = parseLoad(options.load, 'load');
  assertRunnable(images, await nodePlatforms(cluster));
  const alone = images.filter(({ isInDockerAlone }) => isInDockerAlone);
  if (alone.length > 0) await loadImages(alone, load, { ...systems, cluster });
}
