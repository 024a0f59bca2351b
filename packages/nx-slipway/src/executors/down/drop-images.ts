import { dropImages } from '../../build';
import { connectDocker } from '../../docker';
import { familiarName, referenceIn, type Registry } from '../../image';
import { registryOption } from '../custom-build/options';
import type { TargetRun } from '../run-target';
import type { Workspace } from '../workspace';
import type { DownExecutorSchema } from './schema';

/**
 * Takes the images that were deployed out of Docker.
 * @param deployed as the objects in the cluster named them
 */
export async function dropDeployed(
  deployed: readonly string[],
  options: DownExecutorSchema,
  workspace: Workspace,
  { reporter, signal }: TargetRun,
): Promise<void> {
  const registry = registryOption(options, workspace);
  const repositories = deployed.flatMap((ref) => repositoryOf(ref, registry));
  const docker = connectDocker(process.env, { signal });
  try {
    const { tagPrefix } = workspace.options;
    const removed = await dropImages(docker, repositories, tagPrefix);
    for (const ref of removed) reporter.info(`removed ${ref} from Docker`);
    if (removed.length === 0) reporter.info('no image of it is in Docker');
  } finally {
    docker.close();
  }
}

/** As Docker here has it: the cluster may know the registry by another name. */
function repositoryOf(ref: string, registry?: Registry): string[] {
  const found = referenceIn(ref);
  if (!found) return [];
  const name = familiarName(found);
  const inCluster = `${registry?.hostFromCluster}/`;
  return registry && name.startsWith(inCluster)
    ? [`${registry.host}/${name.slice(inCluster.length)}`]
    : [name];
}
