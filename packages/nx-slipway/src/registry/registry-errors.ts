import { SlipwayError, scrub } from '../report';
import type { HttpFault } from './http-fault';

/** An answer of a registry that is no success, as far as errors show it. */
export interface Refusal {
  readonly status: number;
  /** What the registry says of it, fit to be shown; '' for nothing. */
  readonly said: string;
}

/** @param source where the credentials come from; none were there if undefined */
export function refused(
  host: string,
  path: string,
  { status, said }: Refusal,
  source: string | undefined,
): SlipwayError {
  const how = source
    ? `with the credentials of ${source}`
    : 'without credentials: there are none for it';
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_REFUSED',
    message: `the registry ${host} refuses access to ${path} (HTTP ${status}) ${how}.${said}`,
    hint: `Log in with docker login ${host}, and check that the repository exists and that you may read and push it.`,
  });
}

export function tagIsImmutable(
  server: string,
  path: string,
  reference: string,
  { status, said }: Refusal,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_REFUSED',
    message: `${server} does not let the tag ${reference} of ${path} be moved to another image (HTTP ${status}).${said}`,
    hint: 'Its tags are immutable. Delete that tag there, or let the command push another one.',
  });
}

export function failed(
  host: string,
  path: string,
  { status, said }: Refusal,
): SlipwayError {
  const hint =
    status === 429
      ? 'It limits how much is asked of it. Wait, or log in for a higher limit.'
      : 'See the log of the registry.';
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    message: `the registry ${host} answered HTTP ${status} for ${path}.${said}`,
    hint,
  });
}

/**
 * An answer that no registry gives.
 * @param server `the registry HOST`
 * @param what it did, after its name
 */
export function senseless(
  server: string,
  what: string,
  cause?: unknown,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REGISTRY_FAILED',
    message: `${server} ${what}.`,
    hint: 'Is that a container registry, and is nothing between it and you that changes what it says? Check the registry option.',
    cause,
  });
}

/** A ref may name a host, by Docker's grammar, that is none: `256.1.1.1:5000`. */
export function noHost(host: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_REF_INVALID',
    message: `"${host}" is the host of no registry: its address or port is none.`,
    hint: 'Write the ref as [registry[:port]/]path[:tag], with a port up to 65535.',
  });
}

export function cancelled(host: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: `a request to the registry ${host} was cancelled.`,
  });
}

/**
 * What a fault of the network means to people.
 * @param server `the registry HOST`
 */
export function networkError(server: string, fault: HttpFault): SlipwayError {
  const { kind, reason, cause } = fault;
  switch (kind) {
    case 'certificate':
      return new SlipwayError({
        code: 'SLIPWAY_E_REGISTRY_TLS',
        message: `the certificate of ${server} is not trusted (${reason}).`,
        hint: 'Name the certificate of its CA in caFile of the registry option, or set insecure if nobody can vouch for it.',
        cause,
      });
    case 'handshake':
      return new SlipwayError({
        code: 'SLIPWAY_E_REGISTRY_TLS',
        message: `${server} does not speak TLS as it should (${reason}).`,
        hint: 'If it speaks plain HTTP, set insecure in the registry option: without it that is done on loopback only.',
        cause,
      });
    case 'answer':
      return senseless(server, `cannot be used: ${reason}`, cause);
    case 'proxy':
      return new SlipwayError({
        code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
        message: `the proxy does not let us through to ${server} (${reason}).`,
        hint: 'Check HTTP_PROXY and HTTPS_PROXY, or add the host to NO_PROXY.',
        cause,
      });
    case 'timeout':
    case 'refused':
    case 'broken':
    case 'unreachable':
      return new SlipwayError({
        code: 'SLIPWAY_E_REGISTRY_UNREACHABLE',
        message: `${server} does not answer (${reason}).`,
        hint: 'Check that it runs and that the host and port in the registry option are right. To build without a registry, set push to "never".',
        cause,
      });
  }
}

/** How much of an answer's text is read, in bytes. */
export const MAX_ERROR_BYTES = 64 * 1024;
const MAX_SHOWN = 300;

/**
 * The codes and messages of an error's body
 * (https://github.com/opencontainers/distribution-spec, "Error Codes"), for the
 * end of a message: untrusted, so short and free of control characters. They
 * are masked while they are whole: half a secret is known by nobody.
 * @returns ` It says: ...`, or '' if there is nothing to say
 */
export function saidIn(body: Uint8Array, secrets: ReadonlySet<string>): string {
  const whole = errorsOf(Buffer.from(body).toString('utf8'));
  const text = scrub(whole, [...secrets])
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  if (text === '') return '';
  const shown =
    text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
  return ` It says: ${shown}`;
}

function errorsOf(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // A page of a proxy, most likely: the status tells enough.
    return '';
  }
  const { errors } = (value ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return '';
  return errors
    .slice(0, 3)
    .map((error: unknown) => {
      const { code, message } = (error ?? {}) as Record<string, unknown>;
      return [code, message]
        .filter((part) => typeof part === 'string' && part !== '')
        .join(': ');
    })
    .filter((line) => line !== '')
    .join('; ');
}
