import { SlipwayError } from '../report';

/** A manifest as the registry answers for it. */
export interface ManifestHead {
  /** `sha256:<64 hex>` of the manifest's bytes */
  readonly digest: string;
  readonly mediaType: string;
}

/** One registry, as far as a delivery needs it. */
export interface RegistryClient {
  /**
   * One HEAD request, with no ping of `/v2/` before it.
   * @param reference a tag or a digest
   * @returns undefined if the registry has no such manifest
   * @throws SLIPWAY_E_REGISTRY_UNREACHABLE, SLIPWAY_E_REGISTRY_REFUSED,
   *   SLIPWAY_E_REGISTRY_FAILED
   */
  headManifest(
    path: string,
    reference: string,
  ): Promise<ManifestHead | undefined>;
}

/** Every kind of manifest that an image can have, indexes included. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** Images of `docker.io` are served from here. */
const DOCKER_HUB_API = 'registry-1.docker.io';
const TIMEOUT_MS = 15_000;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * @param host `host[:port]`. Plain HTTP on loopback only, HTTPS elsewhere.
 */
export function connectRegistry(host: string): RegistryClient {
  const scheme = isLoopback(host) ? 'http' : 'https';
  const base = `${scheme}://${host === 'docker.io' ? DOCKER_HUB_API : host}/v2`;
  return {
    async headManifest(path, reference) {
      const response = await ask(
        host,
        `${base}/${path}/manifests/${reference}`,
      );
      if (response.status === 404) return undefined;
      if (!response.ok) throw answerError(host, path, response);
      const digest = response.headers.get('docker-content-digest') ?? '';
      const mediaType = response.headers.get('content-type') ?? '';
      if (DIGEST.test(digest)) return { digest, mediaType };
      throw new SlipwayError({
        code: 'SLIPWAY_E_REGISTRY_FAILED',
        message: `${host} answered for ${path}:${reference} without a digest.`,
        hint: 'Is that a container registry? Check the registry option.',
      });
    },
  };
}

/** Loopback by name or address, with or without a port (IPv6 in brackets). */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}

async function ask(host: string, url: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'HEAD',
      headers: { accept: MANIFEST_TYPES },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
      message: `the registry ${host} does not answer (${reasonOf(error)}).`,
      hint: 'Check that it runs and that the host and port in the registry option are right. To build without a registry, set push to "never".',
      cause: error,
    });
  }
}

/** fetch hides the socket's error in `cause`. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer in ${TIMEOUT_MS / 1000} s`;
  const inner = cause as NodeJS.ErrnoException | undefined;
  return inner?.code ?? inner?.message ?? message;
}

function answerError(host: string, path: string, { status }: Response) {
  if (status === 401 || status === 403) {
    return new SlipwayError({
      code: 'SLIPWAY_E_REGISTRY_REFUSED',
      message: `the registry ${host} refuses access to ${path} (HTTP ${status}).`,
      hint: 'Check that the repository exists and that you may read and push it.',
    });
  }
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    message: `the registry ${host} answered HTTP ${status} for ${path}.`,
    hint: 'See the log of the registry.',
  });
}
