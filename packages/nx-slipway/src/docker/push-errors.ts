import { parseReference, registryOf } from '../image';
import { SlipwayError, type ErrorCode } from '../report';

/** A kind of failed push: how Docker's text shows it, what to do about it. */
interface Fault {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  hint(host: string | undefined): string;
}

/**
 * What a registry says of layers that two push at once: it takes them for broken
 * or missing, and has them a moment later (distribution, its blob writer).
 */
const COLLISION =
  /blob unknown|digest invalid|blob upload (?:unknown|invalid)/i;
/** The same two pushes, where one finds that the other has moved the blob away. */
const SERVER_FAULT = /unexpected HTTP status: 50[0234]\b/i;

/**
 * In order: what a text says first is often not what it is about. A registry's
 * `denied: ... is immutable` is about the tag, Go's `open /x: permission
 * denied` about a file of the daemon.
 */
const FAULTS: readonly Fault[] = [
  {
    pattern: /does not exist locally|tag does not exist|no such image/i,
    code: 'SLIPWAY_E_IMAGE_NOT_FOUND',
    hint: () =>
      'Something removed it from Docker since it was tagged, a docker image prune maybe. Run it again.',
  },
  {
    pattern: /immutable|cannot be overwritten/i,
    code: 'SLIPWAY_E_REGISTRY_REFUSED',
    hint: () =>
      'The registry lets no tag change, and this one holds another manifest. If somebody pushed the same content just now, run it again: what is there will be used.',
  },
  {
    pattern: /name unknown|NAME_UNKNOWN/,
    code: 'SLIPWAY_E_REGISTRY_REFUSED',
    hint: () =>
      'The registry makes no repository by itself, as ECR does not. Create it there, or check its name and your right to see it.',
  },
  {
    pattern: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    hint: (host) =>
      `The registry limits how often it may be asked. Wait, then run it again; a login (${loginTo(host)}) often has a higher limit.`,
  },
  {
    // The registry's own words or status stand before the system's.
    pattern:
      /(?:unknown|filesystem|errors?|status): .*no space left on device|insufficient storage|\b507\b|quota/i,
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    hint: () => 'The registry is full: delete images there, or give it room.',
  },
  {
    // A system call of the daemon's, with its path.
    pattern:
      /\b(?:write|open|mkdir|mkdirat|mkstemp|copy|sync|fsync|rename|link) \/\S*: no space left on device/i,
    code: 'SLIPWAY_E_DOCKER_FAILED',
    hint: () =>
      "The disk of the Docker daemon is full: docker system df shows by what, docker image prune removes images without a tag, slipway prune nx-slipway's older ones.",
  },
  {
    pattern: /no space left on device/i,
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    hint: () =>
      'A disk is full, of the Docker daemon or of the registry; docker system df shows what the first holds.',
  },
  {
    pattern:
      /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
    code: 'SLIPWAY_E_REGISTRY_TLS',
    hint: (host) =>
      `The registry speaks plain HTTP, which the Docker daemon allows on loopback only. Add ${quoted(host)} to "insecure-registries" in the daemon's daemon.json and restart it; the option insecure is about nx-slipway's own requests.`,
  },
  {
    pattern: /x509|certificate|\btls: /i,
    code: 'SLIPWAY_E_REGISTRY_TLS',
    hint: (host) =>
      `The Docker daemon does not trust the registry. On the daemon's machine put the certificate of its authority at /etc/docker/certs.d/${host ?? 'docker.io'}/ca.crt; the option caFile is about nx-slipway's own requests.`,
  },
  {
    pattern:
      /unauthorized|authentication required|no basic auth|(?<!: permission )denied|forbidden|insufficient_scope|expired|incorrect username|\b40[13]\b/i,
    code: 'SLIPWAY_E_REGISTRY_REFUSED',
    hint: (host) =>
      `Log in with ${loginTo(host)}, and check that the repository exists and that you may push to it.`,
  },
  {
    pattern:
      /connection refused|no such host|i\/o timeout|dial tcp|no route|network is unreachable|handshake timeout|deadline exceeded|Client\.Timeout|proxyconnect|server misbehaving|name resolution/i,
    code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
    hint: () =>
      'The Docker daemon itself must reach the registry: check the host in the registry option, and whether the registry runs.',
  },
  {
    pattern: COLLISION,
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    hint: () =>
      'The registry lacks a layer, or has it otherwise than it was sent. If somebody else pushes the same layers just now, run it again; if it stays so, the storage of the registry is damaged.',
  },
  {
    pattern: SERVER_FAULT,
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    hint: () =>
      'See the log of the registry. If somebody else pushes the same layers just now, run it again.',
  },
  {
    pattern:
      /\bEOF\b|connection reset|broken pipe|closed network connection|stream error|entity too large|\b413\b/i,
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    hint: () =>
      'The connection to the registry broke off. Run it again: layers that arrived are not sent twice. If it stays so, a proxy on the way may limit the size of a request.',
  },
];

/** Whether the same push may go well a moment later. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof SlipwayError)) return false;
  const { message } = error;
  return COLLISION.test(message) || SERVER_FAULT.test(message);
}

/**
 * Sorts what Docker says of a failed push by what the user can do about it.
 * Whatever it is, nothing is left half: a registry knows a tag only once its
 * manifest came, which is last.
 */
export function pushError(text: string, ref: string): SlipwayError {
  const said = text.replace(/\s+/g, ' ').trim();
  const message = `Docker could not push ${ref}: ${said}`;
  const host = registryOf(parseReference(ref));
  const fault = FAULTS.find(({ pattern }) => pattern.test(said));
  return new SlipwayError({
    code: fault?.code ?? 'SLIPWAY_E_REGISTRY_FAILED',
    message,
    hint: fault?.hint(host) ?? 'See the log of the registry.',
  });
}

/** What arrived stays there, and is not sent again. */
export function pushCancelled(ref: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: `the push of ${ref} was cancelled.`,
  });
}

function loginTo(host: string | undefined): string {
  return host ? `docker login ${host}` : 'docker login';
}

function quoted(host: string | undefined): string {
  return `"${host ?? 'docker.io'}"`;
}
