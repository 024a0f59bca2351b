import { parseReference, type ImageReference } from './reference';
import {
  repositoryBelow,
  type DeployRef,
  type Pin,
  type Registry,
} from './registry-name';

/**
 * The immutable ref of an image: its name with the tag, the digest or both, as
 * `pin` says. What there is counts more than `pin`: an image loaded into nodes
 * has no digest, one that is known by digest alone has no tag.
 * @param name what tag or digest it has is left out
 */
export function pinned(
  { domain, path }: ImageReference,
  tag: string | undefined,
  digest: string | undefined,
  pin: Pin,
): ImageReference {
  if (tag === undefined && digest === undefined) {
    throw new Error(`${domain}/${path} has no tag and no digest to pin it by`);
  }
  if (pin === 'tag' && tag !== undefined) return { domain, path, tag };
  if (pin === 'digest' && digest !== undefined) return { domain, path, digest };
  return { domain, path, tag, digest };
}

/** The same of both sides. */
export function pinnedOn(
  { local, cluster }: DeployRef,
  tag: string | undefined,
  digest: string | undefined,
  pin: Pin,
): DeployRef {
  return {
    local: pinned(local, tag, digest, pin),
    cluster: pinned(cluster, tag, digest, pin),
  };
}

/** By its tag alone, as what stands in no registry is. */
export function taggedOn(
  { local, cluster }: DeployRef,
  tag: string,
): DeployRef {
  return { local: { ...local, tag }, cluster: { ...cluster, tag } };
}

/** Whether a ref stands in the registry, below its path if it has one. */
export function isUnder(
  ref: ImageReference,
  registry: Registry | undefined,
): boolean {
  return repositoryBelow(registry?.host, ref) !== undefined;
}

/**
 * A ref that somebody else chose, as each side must write it: one that stands
 * under the registry's host is told to the cluster under `hostFromCluster`
 * (Tilt left it alone, https://github.com/tilt-dev/tilt/issues/5862), any
 * other is the same on both sides.
 * @throws SLIPWAY_E_REF_INVALID when it is too long for the cluster's side
 */
export function swapHost(
  ref: ImageReference,
  registry: Registry | undefined,
): DeployRef {
  const repository = repositoryBelow(registry?.host, ref);
  if (!registry || repository === undefined)
    return { local: ref, cluster: ref };
  const name = parseReference(`${registry.hostFromCluster}/${repository}`);
  return {
    local: ref,
    cluster: { ...name, tag: ref.tag, digest: ref.digest },
  };
}
