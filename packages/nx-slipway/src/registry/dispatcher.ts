import type { Dispatcher } from 'undici';
import type { Proxies } from './proxies';
import { trusted } from './trust';

export interface DispatcherOptions {
  /** Absolute; '' for none. */
  readonly caFile: string;
  /** Names proxies, and files of certificates to trust. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds without a byte, or to connect; 15 s unless given. */
  readonly idleTimeout?: number;
}

/** A way to servers: its own connections, its own trust. */
export interface Dispatching {
  readonly isTls: boolean;
  readonly isVerified: boolean;
  /** None: straight to the server. */
  readonly proxies?: Proxies;
}

export const IDLE_MS = 15_000;
/** Less than the minute after which most servers and balancers hang up. */
const KEEP_ALIVE_MS = 30_000;
/** Node's own 250 ms is too short for a far registry that has IPv6. */
const FAMILY_ATTEMPT_MS = 2000;

/** @throws SLIPWAY_E_REGISTRY_TLS if `caFile` cannot be used */
export async function openDispatcher(
  { env, caFile, idleTimeout = IDLE_MS }: DispatcherOptions,
  how: Dispatching,
): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const connect = {
    timeout: idleTimeout,
    autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_MS,
  };
  const verify = async () => ({
    ...connect,
    secureContext: await trusted(env, caFile),
  });
  const skip = { ...connect, rejectUnauthorized: false };
  const tls = how.isVerified && how.isTls ? await verify() : skip;
  const common = {
    connect: tls,
    headersTimeout: idleTimeout,
    bodyTimeout: idleTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  if (!how.proxies) return new Agent(common);
  const { http, https, no } = how.proxies;
  return new EnvHttpProxyAgent({
    ...common,
    requestTls: tls,
    proxyTls: await verify(),
    // Proxies let CONNECT through to ports of TLS only.
    proxyTunnel: false,
    httpProxy: http,
    httpsProxy: https,
    noProxy: no,
  });
}
