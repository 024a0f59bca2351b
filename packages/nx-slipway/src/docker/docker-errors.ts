import { SlipwayError } from '../report';

interface DaemonError extends Error {
  /** Of the socket. */
  code?: string;
  /** Of the HTTP answer. */
  statusCode?: number;
}

const NOT_RUNNING = [
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
];

/** Turns what dockerode throws into an error that a user can act on. */
export function dockerError(error: unknown, doing: string, address: string) {
  if (error instanceof SlipwayError) return error;
  const { code, message } = error as DaemonError;
  if (code === 'EACCES' || code === 'EPERM') {
    return new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_PERMISSION',
      message: `this user may not talk to Docker at ${address}.`,
      hint: 'Add the user to the group that owns the socket (usually `sudo usermod -aG docker $USER`, then log in again), or set DOCKER_HOST to a daemon of your own.',
      cause: error,
    });
  }
  if (code && NOT_RUNNING.includes(code)) {
    return new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
      message: `Docker does not answer at ${address} (${code}).`,
      hint: 'Start Docker, or set DOCKER_HOST to the daemon to use.',
      cause: error,
    });
  }
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `Docker at ${address} failed to ${doing}: ${message}.`,
    cause: error,
  });
}

export function isNotFound(error: unknown): boolean {
  return (error as DaemonError).statusCode === 404;
}

/** Sorts what Docker says of a failed push by what the user can do about it. */
export function pushError(text: string, ref: string): SlipwayError {
  const message = `Docker could not push ${ref}: ${text}`;
  if (/unauthorized|authentication required|denied|no basic auth/i.test(text)) {
    return new SlipwayError({
      code: 'SLIPWAY_E_REGISTRY_REFUSED',
      message,
      hint: 'Check that the repository exists and that you may push to it.',
    });
  }
  if (
    /connection refused|no such host|i\/o timeout|dial tcp|no route/i.test(text)
  ) {
    return new SlipwayError({
      code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
      message,
      hint: 'The Docker daemon itself must reach the registry: check the host in the registry option, and whether the registry runs.',
    });
  }
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    message,
    hint: 'See the log of the registry; a registry that speaks plain HTTP must be on loopback or in insecure-registries of the Docker daemon.',
  });
}
