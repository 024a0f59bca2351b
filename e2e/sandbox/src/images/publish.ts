import type { Layout } from '../layout';
import { ask } from '../system/http';
import { run } from '../system/run';
import { type BaseImage, imageArchive } from './base-images';

const dockerOf =
  (layout: Layout) =>
  (...args: string[]) =>
    run(['docker', '--host', `unix://${layout.dockerSocket}`, ...args]);

async function inDocker(layout: Layout, tag: string): Promise<boolean> {
  const { status } = await ask(`http://docker/images/${tag}/json`, {
    socketPath: layout.dockerSocket,
  });
  return status === 200;
}

const ACCEPT = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ');

async function inRegistry(host: string, tag: string): Promise<boolean> {
  const [repository, name] = tag.split(':') as [string, string];
  const { status } = await ask(
    `http://${host}/v2/${repository}/manifests/${name}`,
    { method: 'HEAD', headers: { accept: ACCEPT } },
  );
  return status === 200;
}

/**
 * Puts the image into Docker under its public name and into the registry, at
 * the same path and at `library/...`, where a mirror of Docker Hub has it.
 */
export async function publish(
  layout: Layout,
  registry: string | undefined,
  image: BaseImage,
): Promise<void> {
  const docker = dockerOf(layout);
  const tags = image.images.flatMap((one) => one.tags);
  const absent = await Promise.all(
    tags.map(async (tag) => !(await inDocker(layout, tag))),
  );
  if (absent.includes(true)) {
    await docker('load', '--input', await imageArchive(layout, image));
  }
  if (registry === undefined) return;
  for (const tag of tags.flatMap((name) => [name, `library/${name}`])) {
    if (await inRegistry(registry, tag)) continue;
    const local = tag.replace(/^library\//, '');
    await docker('tag', local, `${registry}/${tag}`);
    await docker('push', '--quiet', `${registry}/${tag}`);
    await docker('rmi', `${registry}/${tag}`);
  }
}
