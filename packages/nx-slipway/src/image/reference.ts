import { SlipwayError } from '../report';
import { quote } from './quote';

/**
 * The grammar of the distribution project (reference/regexp.go of
 * https://github.com/distribution/reference): lower-case path components with
 * `.`, `_`, `__` or dashes between them, a tag of up to 128 characters, a
 * digest of an algorithm and at least 32 hex digits.
 */
const ALPHANUMERIC = '[a-z0-9]+';
const SEPARATOR = '(?:[._]|__|-+)';
const COMPONENT = `${ALPHANUMERIC}(?:${SEPARATOR}${ALPHANUMERIC})*`;
const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const IPV6 = '\\[[a-fA-F0-9:]+\\]';
const DOMAIN = `(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|${IPV6})(?::[0-9]+)?`;
const DIGEST_PATTERN =
  '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const DOMAIN_ONLY = new RegExp(`^${DOMAIN}$`);
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = new RegExp(`^${DIGEST_PATTERN}$`);
/** In hex digits; of other algorithms we do not know. */
const DIGEST_LENGTHS = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const HEX_DIGEST = /^[0-9a-fA-F]{64}$/;

/** The longest repository name, domain and path together. */
const MAX_NAME_LENGTH = 255;
const DOCKER_HUB = 'docker.io';

/** A parsed reference; `parseReference` is the only way to one. */
export interface ImageReference {
  /** As normalised: `docker.io` for Docker Hub; may hold a port. */
  readonly domain: string;
  /** As normalised: `library/busybox` for `busybox`. */
  readonly path: string;
  readonly tag?: string;
  /** `sha256:<64 hex>` */
  readonly digest?: string;
}

/**
 * Parses and normalises as Docker does: `x`, `docker.io/x` and
 * `docker.io/library/x` are one name.
 * @throws SLIPWAY_E_REF_INVALID saying which part is wrong
 */
export function parseReference(text: string): ImageReference {
  const { name, tag, digest } = splitReference(text);
  if (name === '') throw invalid(text, 'it has no name');
  if (HEX_DIGEST.test(text)) {
    throw invalid(text, '64 hex digits alone are an image id');
  }
  if (tag !== undefined && !TAG.test(tag)) {
    throw invalid(text, `${quote(tag)} is not a tag`);
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw invalid(text, `${quote(digest)} is not a digest`);
  }
  const { domain, path } = splitDomain(name);
  if (!DOMAIN_ONLY.test(domain)) {
    throw invalid(text, `${quote(domain)} is not a host name`);
  }
  if (!PATH.test(path)) throw invalid(text, pathFault(path));
  if (path.length + domain.length + 1 > MAX_NAME_LENGTH) {
    throw invalid(
      text,
      `the name is longer than ${MAX_NAME_LENGTH} characters`,
    );
  }
  return { domain, path, tag, digest };
}

/** @returns undefined for what is no reference, whatever it is */
export function referenceIn(text: unknown): ImageReference | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/** Whether `text` could stand after the colon of a reference. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Whether `text` is a digest; of sha256 and sha512 the length is checked. */
export function isDigest(text: string): boolean {
  if (!DIGEST.test(text)) return false;
  const [algorithm = '', hex = ''] = text.split(':');
  const wanted = DIGEST_LENGTHS.get(algorithm);
  return (
    wanted === undefined || (hex.length === wanted && /^[0-9a-f]+$/.test(hex))
  );
}

/** The name alone, in full: `docker.io/library/busybox`. */
export function canonicalName(ref: ImageReference): string {
  return `${ref.domain}/${ref.path}`;
}

/** The name alone, as people write it: `busybox`, `gcr.io/acme/x`. */
export function familiarName({ domain, path }: ImageReference): string {
  if (domain !== DOCKER_HUB) return `${domain}/${path}`;
  const short = path.replace(/^library\//, '');
  // Read back, `library/localhost/x` would be a domain and 64 hex digits an id.
  const again = splitDomain(short);
  const isSame = again.domain === domain && again.path === path;
  return isSame && !HEX_DIGEST.test(short) ? short : `${domain}/${path}`;
}

/** The whole reference as people write it: `busybox:1.36@sha256:...`. */
export function formatReference(ref: ImageReference): string {
  const tag = ref.tag === undefined ? '' : `:${ref.tag}`;
  const digest = ref.digest === undefined ? '' : `@${ref.digest}`;
  return `${familiarName(ref)}${tag}${digest}`;
}

/** The registry to talk to: none for Docker Hub short names. */
export function registryOf(ref: ImageReference): string | undefined {
  return ref.domain === DOCKER_HUB ? undefined : ref.domain;
}

function splitReference(text: string): {
  name: string;
  tag?: string;
  digest?: string;
} {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  // A colon before a slash belongs to the port of the domain.
  if (colon <= rest.lastIndexOf('/')) return { name: rest, digest };
  return { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}

/**
 * The first component is a domain if it has a dot or a port, is `localhost`,
 * or has an upper-case letter, which a path cannot have
 * (splitDockerDomain of the distribution project).
 */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isDomain =
    slash > 0 &&
    (/[.:]/.test(first) || first === 'localhost' || /[A-Z]/.test(first));
  const domain = isDomain ? first : DOCKER_HUB;
  const path = isDomain ? name.slice(slash + 1) : name;
  const hub = domain === DOCKER_HUB || domain === 'index.docker.io';
  if (!hub) return { domain, path };
  return {
    domain: DOCKER_HUB,
    path: path.includes('/') || path === '' ? path : `library/${path}`,
  };
}

function pathFault(path: string): string {
  if (path.includes('$')) return 'variables are not expanded here';
  if (/[A-Z]/.test(path)) return 'image names are lower case';
  return `${quote(path)} is not a repository path`;
}

function invalid(text: string, why: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REF_INVALID',
    message: `${quote(text)} is not an image reference: ${why}.`,
    hint: 'Write it as [registry[:port]/]path[:tag], for example frontend or gcr.io/acme/frontend.',
  });
}
