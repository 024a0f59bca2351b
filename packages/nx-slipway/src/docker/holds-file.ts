import type Dockerode from 'dockerode';
import type { DaemonError } from './docker-errors';

/** A command must be said; it is never started. */
const NEVER_RUN = ['none'];
/** By this such containers are known. */
const LABEL = 'nx-slipway.look';
/** Of those that are older, whoever made them was killed. Seconds. */
const LEFT_S = 60;

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
  await removeLeft(client);
  const container = await client.createContainer({
    Image: image,
    Cmd: NEVER_RUN,
    Labels: { [LABEL]: '' },
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

/** What is left of runs that were killed would keep their images for ever. */
async function removeLeft(client: Dockerode): Promise<void> {
  const filters = { label: [LABEL], status: ['created'] };
  const made = await client.listContainers({ all: true, filters });
  const left = made.filter(
    ({ Created }) => Date.now() / 1000 - Created > LEFT_S,
  );
  await Promise.all(left.map(({ Id }) => removeGone(client.getContainer(Id))));
}

/** Somebody else may just do the same. */
async function removeGone(container: Dockerode.Container): Promise<void> {
  try {
    await container.remove({ v: true });
  } catch (error) {
    const { statusCode = 0 } = error as DaemonError;
    if (![404, 409].includes(statusCode)) throw error;
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
