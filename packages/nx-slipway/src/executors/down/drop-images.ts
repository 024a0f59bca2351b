import type { ExecutorContext } from '@nx/devkit';
import { dropImages } from '../../build';
import type { Cluster } from '../../cluster';
import { connectDocker } from '../../docker';
import { familiarName, referenceIn, type Registry } from '../../image';
import { SlipwayError } from '../../report';
import { announcedRegistry } from '../announced-registry';
import { registryOption } from '../custom-build/options';
import { ownersIn } from '../custom-build/owners';
import type { TargetRun } from '../run-target';
import type { Workspace } from '../workspace';
import type { DownExecutorSchema } from './schema';

export interface Down extends TargetRun {
  readonly options: DownExecutorSchema;
  readonly context: ExecutorContext;
  readonly workspace: Workspace;
  readonly cluster: Cluster;
}

/**
 * Takes the images that were deployed out of Docker.
 * @param deployed as the objects in the cluster named them
 */
export async function dropDeployed(
  deployed: readonly string[],
  down: Down,
): Promise<void> {
  const { workspace, reporter, signal } = down;
  const registries = await registriesOf(down);
  const repositories = deployed.flatMap((ref) =>
    repositoriesOf(ref, registries),
  );
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

/** Where its images may have been pushed to. */
async function registriesOf({
  options,
  context,
  workspace,
  cluster,
  reporter,
}: Down): Promise<Registry[]> {
  const own = registryOption(options, workspace);
  const others = ownersIn(context).map(({ options: owner }) => {
    try {
      return registryOption(owner, workspace);
    } catch (error) {
      // What is wrong with another target is told by its own run.
      if (error instanceof SlipwayError) return undefined;
      throw error;
    }
  });
  const named = [own, ...others].filter((one) => one !== undefined);
  if (named.length > 0) return named;
  const announced = await announcedRegistry(cluster, reporter)();
  return announced ? [announced] : [];
}

/** As Docker here has them: the cluster may know a registry by another name. */
export function repositoriesOf(
  ref: string,
  registries: readonly Pick<Registry, 'host' | 'hostFromCluster'>[],
): string[] {
  const found = referenceIn(ref);
  if (!found) return [];
  const name = familiarName(found);
  const names = registries.flatMap(({ host, hostFromCluster }) =>
    name.startsWith(`${hostFromCluster}/`)
      ? [`${host}/${name.slice(hostFromCluster.length + 1)}`]
      : [],
  );
  return [...new Set([name, ...names])];
}
