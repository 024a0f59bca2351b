import { statSync } from 'node:fs';
import { SlipwayError } from '../report';
import type { DockerEndpoint } from './endpoint';

export interface DaemonError extends Error {
  /** Of the socket, of TLS or of the HTTP parser. */
  code?: string;
  /** Of the HTTP answer. */
  statusCode?: number;
  /** The body of the answer, parsed if it is JSON. */
  json?: unknown;
}

const NOT_RUNNING = [
  'ENOENT',
  'ENOTDIR',
  'ENOTSOCK',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
];

/** What OpenSSL calls a certificate that it does not trust. */
const UNTRUSTED =
  /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_)/;
/** TLS that came to nothing. */
const TLS_FAULT = /^(?:EPROTO|ERR_SSL_|ERR_OSSL_|ERR_TLS_)/;
/** In characters: what is longer and no JSON is a page of HTML. */
const LONGEST_TEXT = 400;

/** Turns what dockerode throws into an error that a user can act on. */
export function dockerError(
  error: unknown,
  doing: string,
  endpoint: DockerEndpoint,
): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const { code = '', statusCode } = error as DaemonError;
  if (code === 'EACCES' || code === 'EPERM') return forbidden(error, endpoint);
  if (NOT_RUNNING.includes(code)) return notRunning(code, error, endpoint);
  if (UNTRUSTED.test(code) || TLS_FAULT.test(code)) {
    return tlsFault(error as DaemonError, endpoint);
  }
  const { address } = endpoint;
  const answer = answerOf(error as DaemonError);
  if (statusCode === 403) {
    return new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_PERMISSION',
      message: `Docker at ${address} does not let this user ${doing}: ${answer}`,
      hint: 'Ask who runs this Docker, or the proxy in front of it, to allow it.',
      cause: error,
    });
  }
  const isHttpToTls = statusCode === 400 && /HTTPS server/i.test(answer);
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `Docker at ${address} failed to ${doing}: ${answer}`,
    hint: isHttpToTls
      ? 'It speaks TLS: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.'
      : isNoDocker(error as DaemonError)
        ? `What answers there is no Docker, or too old or too small a copy of it. See ${endpoint.source}.`
        : undefined,
    cause: error,
  });
}

export function askCancelled(doing: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: `cancelled while Docker was asked to ${doing}.`,
  });
}

/** An answer that has not the form that Docker's API promises. */
export function malformed(what: string, endpoint: DockerEndpoint) {
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `what answers at ${endpoint.address} is no Docker: ${what}.`,
    hint: `See ${endpoint.source}; nx-slipway needs the Docker API, which podman system service has too.`,
  });
}

/** Whether the thing asked for is not there, the request itself being known. */
export function isNotFound(error: unknown): boolean {
  const { statusCode } = error as DaemonError;
  return statusCode === 404 && !isNoDocker(error as DaemonError);
}

/** In use, or changed by somebody else meanwhile. */
export function isConflict(error: unknown): boolean {
  return (error as DaemonError).statusCode === 409;
}

/**
 * What the daemon said, on one line: whole or not at all, for what is cut may
 * be a secret, and nobody could mask half of one.
 */
export function answerOf(error: DaemonError): string {
  const { json, statusCode } = error;
  const message = messageIn(json);
  // docker-modem's own words: `(HTTP code 500) server error - `.
  const bare = error.message.replace(/^\(HTTP code \d+\) [^-]* - /, '');
  const line = (message ?? bare).replace(/\s+/g, ' ').trim();
  if (line === '') return `HTTP ${statusCode ?? ''}`;
  const isPage =
    statusCode !== undefined &&
    message === undefined &&
    line.length > LONGEST_TEXT;
  return isPage ? `HTTP ${statusCode}, and a page of text` : line;
}

/** HTTP that is not Docker's, or an endpoint that this Docker has not. */
function isNoDocker({ code, statusCode, json }: DaemonError): boolean {
  if (code?.startsWith('HPE_')) return true;
  if (statusCode === 501 || statusCode === 405) return true;
  if (statusCode !== 404) return false;
  const message = messageIn(json);
  return !message || /^(?:page )?not found$|not supported/i.test(message);
}

function messageIn(json: unknown): string | undefined {
  const { message } = (json ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : undefined;
}

function forbidden(error: unknown, { address }: DockerEndpoint) {
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_PERMISSION',
    message: `this user may not talk to Docker at ${address}.`,
    hint: 'Add the user to the group that owns the socket (usually `sudo usermod -aG docker $USER`, then log in again), or set DOCKER_HOST to a daemon of your own.',
    cause: error,
  });
}

function notRunning(code: string, error: unknown, endpoint: DockerEndpoint) {
  const { address, source, transport } = endpoint;
  const isUnix = transport.kind === 'socket' && address.startsWith('unix:');
  if (isUnix && isOther(transport.path)) {
    return new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
      message: `Docker does not answer at ${address}: that is no socket (${code}).`,
      hint: `See ${source}; it must name the socket that Docker listens on.`,
      cause: error,
    });
  }
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
    message: `Docker does not answer at ${address} (${code}).`,
    hint:
      source === 'the default'
        ? 'Start Docker, or set DOCKER_HOST to the daemon to use.'
        : `Start Docker there; ${source} names this address.`,
    cause: error,
  });
}

/** Whether something stands there that is no socket. */
function isOther(path: string): boolean {
  try {
    return !statSync(path).isSocket();
  } catch {
    // Not there, or not for us to see: the error in hand says so.
    return false;
  }
}

function tlsFault(error: DaemonError, { address, source }: DockerEndpoint) {
  const isUntrusted = UNTRUSTED.test(error.code ?? '');
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: isUntrusted
      ? `the certificate of Docker at ${address} is not one to trust: ${answerOf(error)}`
      : `TLS with Docker at ${address} failed: ${answerOf(error)}`,
    hint: `ca.pem must be the authority of its certificate, which must be for this host; cert.pem and key.pem must be a pair that it accepts; and it must speak TLS at this port. ${source} says where they are.`,
    cause: error,
  });
}
