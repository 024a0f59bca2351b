import type { DockerEngine } from '../docker';
import { familiarName, type DeployRef, type ImageReference } from '../image';
import type { RegistryClient } from '../registry';

export interface Delivery {
  /** With tag and, from a registry, digest. */
  readonly deployRef: DeployRef;
  /** false: the registry had the manifest already. */
  readonly pushed: boolean;
}

/**
 * Makes sure that the registry has the image under its content tag. A manifest
 * that stands there wins, whatever its bytes (design 2.3): one HEAD request,
 * and a ref that was deployed before stays as it is.
 * @param name the mapped name, without tag
 */
export async function deliverToRegistry(
  docker: DockerEngine,
  registry: RegistryClient,
  name: DeployRef,
  tag: string,
): Promise<Delivery> {
  const repository = name.local.path;
  const present = await registry.headManifest(repository, tag);
  const digest =
    present?.digest ?? (await docker.push(familiarName(name.local), tag));
  const pinned = (side: ImageReference) => ({ ...side, tag, digest });
  return {
    deployRef: { local: pinned(name.local), cluster: pinned(name.cluster) },
    pushed: !present,
  };
}
