import type { DockerEngine } from '../docker';
import { datedTags, removeTag, tagsOfOurForm } from './retention';

/**
 * Takes every content tag of some repositories out of Docker: what was deployed
 * of them is gone from the cluster. What a container uses stays.
 * @param repositories as Docker writes them, `localhost:5000/frontend`
 * @returns the refs that were removed
 * @throws SLIPWAY_E_DOCKER_*
 */
export async function dropImages(
  docker: DockerEngine,
  repositories: readonly string[],
  tagPrefix: string,
): Promise<string[]> {
  const formed = tagsOfOurForm(await docker.allTagged(), tagPrefix).filter(
    ({ kind, repository }) =>
      kind === 'content' && repositories.includes(repository),
  );
  const removed: string[] = [];
  for (const tag of await datedTags(docker, formed, tagPrefix)) {
    const end = await removeTag(docker, tag, { pruneParents: true });
    if (end === 'removed') removed.push(tag.ref);
  }
  return removed;
}
