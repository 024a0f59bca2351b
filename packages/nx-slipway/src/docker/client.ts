import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Dockerode from 'dockerode';
import { SlipwayError } from '../report';
import type { DockerEndpoint } from './endpoint';
import { sshAgent } from './ssh-agent';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Idle connections end after this: what stands between here and another
 * machine forgets them sooner or later, and a build may take an hour.
 */
const IDLE_MS = 30_000;

const POOL = { keepAlive: true, maxSockets: 4, timeout: IDLE_MS };

/** A client of that daemon. Opens nothing until first used. */
export function createClient(
  endpoint: DockerEndpoint,
  env: Env,
): { client: Dockerode; agent: HttpAgent } {
  const agent = terse(createAgent(endpoint, env));
  // The types lack `agent`, which docker-modem hands to http.request.
  const options: Dockerode.DockerOptions & { agent: HttpAgent } = {
    ...target(endpoint),
    agent,
  };
  return { client: create(options), agent };
}

function createAgent({ transport, tls }: DockerEndpoint, env: Env): HttpAgent {
  if (transport.kind === 'ssh') return sshAgent(transport, env);
  if (!tls) return new HttpAgent(POOL);
  const { verify, ca, cert, key } = tls;
  return new HttpsAgent({ ...POOL, ca, cert, key, rejectUnauthorized: verify });
}

/**
 * docker-modem writes all that it is given out in full for its debug log, wanted
 * or not: with the agent's open sockets, that takes a millisecond a request.
 */
function terse<T extends HttpAgent>(agent: T): T {
  return Object.assign(agent, { [inspect.custom]: () => 'the agent' });
}

/**
 * Every option said, undefined too: docker-modem takes from its own reading of
 * the process's DOCKER_* what it is not told. The agent knows the rest.
 */
function target({ transport, tls }: DockerEndpoint): Dockerode.DockerOptions {
  const unsaid = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    username: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: undefined,
    pathPrefix: '/',
    protocol: 'http' as const,
  };
  switch (transport.kind) {
    case 'socket':
      return { ...unsaid, socketPath: transport.path };
    case 'tcp': {
      const { host, port } = transport;
      return { ...unsaid, host, port, protocol: tls ? 'https' : 'http' };
    }
    case 'ssh':
      // The name only stands in the Host header: the agent does not dial it.
      return { ...unsaid, host: 'docker' };
  }
}

function create(options: Dockerode.DockerOptions): Dockerode {
  try {
    return new Dockerode(options);
  } catch (error) {
    // It reads DOCKER_CERT_PATH of the process even where that plays no role.
    throw new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_FAILED',
      message: `Docker's variables could not be read: ${(error as Error).message}.`,
      hint: 'Correct or unset DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.',
      cause: error,
    });
  }
}
