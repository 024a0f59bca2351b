import { SlipwayError } from '../report';
import {
  canonicalName,
  familiarName,
  formatReference,
  parseReference,
  registryOf,
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
 * two sides can never name two repositories. A name that is under the
 * registry's host, on either side, is taken for one that was mapped already.
 *
 * `escape` is what Tilt's `default_registry` does: `/`, `:` and `@` become `_`,
 * and names may meet. `preserve` keeps the path: `localhost:5000/gcr.io/acme/x`,
 * see `preservedName`.
 * @throws SLIPWAY_E_REF_INVALID when the mapped name is too long
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
 * @throws SLIPWAY_E_REF_INVALID when a tag, 128 characters, has no room for it
 */
export function tagUnder(
  name: ImageReference,
  registry: Registry | undefined,
  tag: string,
): string {
  if (!registry?.singleName) return tag;
  const prefix = nameInTag(name);
  const room = MAX_TAG_LENGTH - tag.length - 1;
  if (prefix.length > room) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_REF_INVALID',
      message: `"${formatReference(name)}" is too long for a tag: singleName puts the image name into the tag, where ${room} characters are left.`,
      hint: 'Shorten the image name or leave singleName out.',
    });
  }
  return `${prefix}-${tag}`;
}

/**
 * A name as it stands in tags under `singleName`: `gcr.io_acme_x`. No two names
 * meet: `/` becomes `_`, and the others that a tag cannot hold, and `_` itself,
 * become `_` and a character that no component begins with.
 */
export function nameInTag(name: ImageReference): string {
  return familiarName(name).replace(
    /[/_:[\]]/g,
    (character) => IN_TAGS[character] ?? character,
  );
}

const MAX_TAG_LENGTH = 128;
const IN_TAGS: Readonly<Record<string, string>> = {
  '/': '_',
  _: '_-',
  ':': '_.',
  // They come in this order and once, so that one sign does for both.
  '[': '__',
  ']': '__',
};

/**
 * The part of a name below a registry's host, which may end in a path.
 * @returns undefined when the name is elsewhere
 */
export function repositoryBelow(
  host: string | undefined,
  name: ImageReference,
): string | undefined {
  // In full, since a registry may be an organisation of Docker Hub.
  const full = canonicalName(name);
  if (host === undefined || !full.startsWith(`${host}/`)) return undefined;
  return full.slice(host.length + 1);
}

function repositoryUnder(registry: Registry, name: ImageReference): string {
  if (registry.singleName) return registry.singleName;
  return (
    repositoryBelow(registry.host, name) ??
    repositoryBelow(registry.hostFromCluster, name) ??
    (registry.naming === 'escape' ? escapedName(name) : preservedName(name))
  );
}

function escapedName(name: ImageReference): string {
  // A run is one `_`, and none begins a name: only IPv6 hosts, which Tilt
  // cannot map, have such.
  const escaped = familiarName(name).replace(/[/:@[\]]+/g, '_');
  return escaped.replace(/^_/, '').toLowerCase();
}

/**
 * A path for the name, and no path for two names. A path may hold all that a
 * lower-case host without port is made of, so these and Docker Hub's names stay
 * as people write them. Others are written so that nothing else is:
 * - `host:5000` as `host_5000`: hosts have no `_`, and a name of Docker Hub that
 *   begins like this is written in full.
 * - hosts with capitals, and IPv6 addresses, as `host_hex.<hex digits>`: no host
 *   for its `_`, no name of Docker Hub for its `.`, and no port for its end.
 */
function preservedName(name: ImageReference): string {
  const { domain, path } = name;
  if (registryOf(name) === undefined) {
    const familiar = familiarName(name);
    return LIKE_A_PORT.test(familiar) ? canonicalName(name) : familiar;
  }
  if (/[^a-z0-9.:-]/.test(domain)) {
    return `host_hex.${Buffer.from(domain).toString('hex')}/${path}`;
  }
  return `${domain.replace(':', '_')}/${path}`;
}

/** A first component of several that ends like a port that was mapped. */
const LIKE_A_PORT = /^[^/]*_[0-9]+\//;
