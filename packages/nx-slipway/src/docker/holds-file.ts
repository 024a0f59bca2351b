import type Dockerode from 'dockerode';
import type { DaemonError } from './docker-errors';

/** A command must be said; it is never started. */
const NEVER_RUN = ['none'];

/**
 * Whether an image has one of these files, links too. Docker tells that of
 * containers alone: one is made, never started, and removed.
 * @param paths absolute
 */
export async function holdsFile(
  client: Dockerode,
  image: string,
  paths: readonly string[],
): Promise<boolean> {
  const container = await client.createContainer({
    Image: image,
    Cmd: NEVER_RUN,
    NetworkDisabled: true,
  });
  try {
    for (const path of paths) {
      if (await hasPath(container, path)) return true;
    }
    return false;
  } finally {
    // With the volumes that the image asks for.
    await container.remove({ v: true });
  }
}

async function hasPath(
  container: Dockerode.Container,
  path: string,
): Promise<boolean> {
  try {
    await container.infoArchive({ path });
    return true;
  } catch (error) {
    // Without a body, as answers to HEAD are.
    if ((error as DaemonError).statusCode === 404) return false;
    throw error;
  }
}
