import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '../report';

type Env = Readonly<Record<string, string | undefined>>;

/** How a daemon is told apart from others, and we from other users. */
export interface DockerTls {
  /** PEM; none: the certificate authorities of the system. */
  readonly ca?: Buffer;
  /** PEM; both or neither. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** false: any certificate will do. */
  readonly verify: boolean;
}

/** The Docker endpoint of a context. */
export interface ContextEndpoint {
  readonly host: string;
  readonly tls?: DockerTls;
}

/** The folder where the Docker CLI keeps what it remembers. */
export function configFolder(env: Env): string {
  return env.DOCKER_CONFIG || join(homedir(), '.docker');
}

/** What `docker context use` chose. */
export function currentContext(folder: string): string | undefined {
  const config = readJson(join(folder, 'config.json'));
  const name = (config as { currentContext?: unknown } | null)?.currentContext;
  return typeof name === 'string' ? name : undefined;
}

interface ContextMeta {
  Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: unknown } };
}

/**
 * A context as the Docker CLI keeps it: docker/cli, cli/context/store. The
 * name is hashed, so none can leave the folder.
 * @throws SLIPWAY_E_DOCKER_NOT_RUNNING if it has no Docker endpoint
 */
export function contextEndpoint(folder: string, name: string): ContextEndpoint {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(folder, 'contexts', 'meta', id, 'meta.json'));
  const docker = (meta as ContextMeta | null | undefined)?.Endpoints?.docker;
  if (typeof docker?.Host !== 'string' || docker.Host === '') {
    throw new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
      message: `the Docker context "${name}" is chosen, but it has no Docker endpoint on this machine.`,
      hint: 'See docker context ls; choose another with docker context use NAME, or set DOCKER_HOST.',
    });
  }
  const verify = docker.SkipTLSVerify !== true;
  const files = tlsFiles(join(folder, 'contexts', 'tls', id, 'docker'), verify);
  // TLS if there is anything to say about it (cli/context/docker/load.go).
  const isTls = !verify || files.ca || files.cert;
  return { host: docker.Host, tls: isTls ? files : undefined };
}

/**
 * `ca.pem`, and `cert.pem` with `key.pem`, as far as they are there: the
 * layout of DOCKER_CERT_PATH and of a context's TLS folder.
 */
export function tlsFiles(folder: string, verify: boolean): DockerTls {
  const ca = readIfThere(join(folder, 'ca.pem'));
  const cert = readIfThere(join(folder, 'cert.pem'));
  const key = readIfThere(join(folder, 'key.pem'));
  return cert && key ? { ca, cert, key, verify } : { ca, verify };
}

function readJson(path: string): unknown {
  const text = readIfThere(path)?.toString('utf8');
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `${path} could not be read: ${(error as Error).message}.`,
    hint: 'Repair the file, or set DOCKER_HOST.',
    cause: error,
  });
}
