import { SlipwayError } from '../report';

/** How a daemon is reached. */
export type Transport =
  /** A Unix socket or a named pipe of Windows. */
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'ssh';
      readonly user?: string;
      readonly host: string;
      readonly port?: number;
      /** The socket on the other machine; its default unless given. */
      readonly socket?: string;
    };

export const DEFAULT_ADDRESS =
  process.platform === 'win32'
    ? 'npipe:////./pipe/docker_engine'
    : 'unix:///var/run/docker.sock';
/** What the CLI talks to where only DOCKER_TLS_VERIFY is set. */
export const DEFAULT_TLS_ADDRESS = 'tcp://localhost:2376';
const DEFAULT_TCP_PORT = 2375;

/**
 * Reads an address as the Docker CLI does (docker/cli, opts/hosts.go): what
 * has no scheme is a TCP host, whose port is 2375 unless given.
 * @param source for messages: where the address stands
 * @returns it in full, and how to get there
 * @throws SLIPWAY_E_DOCKER_NOT_RUNNING if nothing could answer there
 */
export function parseAddress(
  text: string,
  source: string,
): { address: string; transport: Transport } {
  const [, scheme = 'tcp', rest = ''] =
    /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text.trim()) ?? [];
  switch (scheme) {
    case 'unix':
    case 'npipe': {
      const path = rest || DEFAULT_ADDRESS.replace(/^\w+:\/\//, '');
      return {
        address: `${scheme}://${path}`,
        transport: { kind: 'socket', path },
      };
    }
    case 'tcp':
      return tcpAddress(rest, text, source);
    case 'ssh':
      return sshAddress(rest, text, source);
    default:
      throw noAddress(text, source);
  }
}

function tcpAddress(rest: string, text: string, source: string) {
  // Go takes no host for localhost, where URL takes it for a fault.
  const url = parseUrl(`tcp://${rest.replace(/^:/, 'localhost:')}`);
  const isBare = url && /^\/?$/.test(url.pathname) && !url.search && !url.hash;
  if (!isBare || url.hostname === '') throw noAddress(text, source);
  const port = url.port === '' ? DEFAULT_TCP_PORT : Number(url.port);
  const host = url.hostname;
  const transport: Transport = { kind: 'tcp', host, port };
  return { address: `tcp://${host}:${port}`, transport };
}

function sshAddress(rest: string, text: string, source: string) {
  const url = parseUrl(`ssh://${rest}`);
  const isPlain = url && !url.password && !url.search && !url.hash;
  // What URL had to escape, ssh would not know again.
  if (!isPlain || url.hostname === '' || url.href.includes('%')) {
    throw noAddress(text, source);
  }
  const transport: Transport = {
    kind: 'ssh',
    user: url.username || undefined,
    // ssh wants no brackets around an IPv6 address.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? undefined : Number(url.port),
    socket: /^\/?$/.test(url.pathname) ? undefined : url.pathname,
  };
  return { address: `ssh://${rest}`, transport };
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function noAddress(text: string, source: string): SlipwayError {
  const hint = text.trim().startsWith('/')
    ? `A socket is written unix://${text.trim()}.`
    : 'Write unix:///path/to/docker.sock, tcp://host:port or ssh://user@host, or leave it out for the default.';
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
    message: `${source} is "${text}", which is not the address of a Docker daemon.`,
    hint,
  });
}
