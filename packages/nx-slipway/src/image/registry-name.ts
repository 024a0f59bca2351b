import { SlipwayError } from '../report';
import {
  canonicalName,
  familiarName,
  formatReference,
  parseReference,
  type ImageReference,
} from './reference';

/** How image names are put under a registry (design 2.4). */
export type Naming = 'escape' | 'preserve';

/** What a deploy ref in a registry holds beside the name. */
export type Pin = 'tag' | 'digest' | 'both';

/** Where images go, and how the two sides call it. */
export interface Registry {
  /** As this machine reaches it, `localhost:5000`; may end in a path. */
  readonly host: string;
  /** As the cluster's container runtime reaches it. */
  readonly hostFromCluster: string;
  /** If set, all images go to this one repository and differ by tag. */
  readonly singleName: string;
  readonly naming: Naming;
  /** Whether HTTP, or TLS that nobody vouches for, is all right there. */
  readonly insecure: boolean;
  /** A file of PEM certificates to trust there; empty: the system's alone. */
  readonly caFile: string;
}

/** A name or ref as each side must write it. */
export interface DeployRef {
  /** As this machine sees the registry. */
  readonly local: ImageReference;
  /** As the cluster's container runtime sees it; this one goes into manifests. */
  readonly cluster: ImageReference;
}

/**
 * Puts an image name under a registry: once, then the host is swapped, so the
 * two sides can never name two repositories.
 *
 * `escape` is what Tilt's `default_registry` does: `/`, `:` and `@` become `_`.
 * `preserve` keeps the path, so no two names can meet:
 * `localhost:5000/gcr.io/acme/x`. A name that is under the registry's host
 * already stays as it is.
 * @throws SLIPWAY_E_REF_INVALID when the mapped name is none, e.g. too long
 */
export function mapToRegistry(
  name: ImageReference,
  registry: Registry | undefined,
): DeployRef {
  if (!registry) {
    const plain = parseReference(familiarName(name));
    return { local: plain, cluster: plain };
  }
  const repository = repositoryUnder(registry, name);
  return {
    local: parseReference(`${registry.host}/${repository}`),
    cluster: parseReference(`${registry.hostFromCluster}/${repository}`),
  };
}

/**
 * The tag that an image of this name gets. Under `singleName` one repository
 * holds many images, so the tag says which; unlike Tilt's it holds the whole
 * name, since last components may be equal.
 */
export function tagUnder(
  name: ImageReference,
  registry: Registry | undefined,
  tag: string,
): string {
  if (!registry?.singleName) return tag;
  const prefix = escapeName(familiarName(name));
  const room = 128 - tag.length - 1;
  if (prefix.length > room) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_REF_INVALID',
      message: `"${formatReference(name)}" is too long for a tag: singleName puts the image name into the tag, where ${room} characters are left.`,
      hint: 'Shorten the image name or leave singleName out.',
    });
  }
  return `${prefix}-${tag}`;
}

function repositoryUnder(registry: Registry, name: ImageReference): string {
  if (registry.singleName) return registry.singleName;
  // In full, since a registry may be an organisation of Docker Hub.
  const full = canonicalName(name);
  for (const host of [registry.host, registry.hostFromCluster]) {
    if (full.startsWith(`${host}/`)) return full.slice(host.length + 1);
  }
  const familiar = familiarName(name);
  if (registry.naming === 'escape') return escapeName(familiar);
  // A port's colon cannot stand in a path.
  return familiar.replace(/:/g, '_').toLowerCase();
}

function escapeName(familiar: string): string {
  return familiar.replace(/[/:@]/g, '_').toLowerCase();
}
