import { join, resolve } from 'node:path';
import { SlipwayError } from '../report';
import {
  DEFAULT_ADDRESS,
  DEFAULT_TLS_ADDRESS,
  parseAddress,
  type Transport,
} from './address';
import {
  configFolder,
  contextEndpoint,
  currentContext,
  tlsFiles,
  type DockerTls,
} from './cli-config';
import type { CommandEnv } from './engine';

type Env = Readonly<Record<string, string | undefined>>;

/** One daemon: where it is, how to get there, how to tell others. */
export interface DockerEndpoint {
  /** As DOCKER_HOST takes it. */
  readonly address: string;
  /** What names it, for messages: `DOCKER_HOST`. */
  readonly source: string;
  readonly transport: Transport;
  /** Of a TCP transport only. */
  readonly tls?: DockerTls;
  /** What makes the `docker` command, and others, use this daemon too. */
  readonly env: CommandEnv;
}

/** All that chooses a daemon: each must be set or unset, never left over. */
const UNSET: CommandEnv = {
  DOCKER_HOST: undefined,
  DOCKER_CONTEXT: undefined,
  DOCKER_TLS: undefined,
  DOCKER_TLS_VERIFY: undefined,
  DOCKER_CERT_PATH: undefined,
};

/**
 * The daemon that the `docker` command would talk to, found in its own order:
 * DOCKER_HOST, DOCKER_CONTEXT, `currentContext` of its config file, default.
 * The daemon that we verify in must be the one that the command builds in.
 * @throws SLIPWAY_E_DOCKER_NOT_RUNNING if it is no address or no context
 * @throws SLIPWAY_E_DOCKER_FAILED if a file that describes it cannot be read
 */
export function dockerEndpoint(env: Env): DockerEndpoint {
  if (env.DOCKER_HOST) return hostEndpoint(env, env.DOCKER_HOST, 'DOCKER_HOST');
  const folder = configFolder(env);
  const name = env.DOCKER_CONTEXT || currentContext(folder);
  if (name && name !== 'default') return ofContext(folder, name);
  const isTls = env.DOCKER_TLS || env.DOCKER_TLS_VERIFY;
  if (isTls) return hostEndpoint(env, DEFAULT_TLS_ADDRESS, 'DOCKER_TLS_VERIFY');
  return {
    ...parseAddress(DEFAULT_ADDRESS, 'the default'),
    source: 'the default',
    // Said, so that `docker context use` during a build moves nothing.
    env: { ...UNSET, DOCKER_CONTEXT: 'default' },
  };
}

function hostEndpoint(env: Env, host: string, source: string): DockerEndpoint {
  const { address, transport } = parseAddress(host, source);
  const tls = transport.kind === 'tcp' ? tlsOfEnv(env) : undefined;
  // A command may run in another folder.
  const path = env.DOCKER_CERT_PATH && resolve(env.DOCKER_CERT_PATH);
  const tlsEnv: CommandEnv = tls
    ? {
        DOCKER_TLS: env.DOCKER_TLS || undefined,
        DOCKER_TLS_VERIFY: env.DOCKER_TLS_VERIFY || undefined,
        DOCKER_CERT_PATH: path || undefined,
      }
    : {};
  return {
    address,
    source,
    transport,
    tls,
    env: { ...UNSET, DOCKER_HOST: address, ...tlsEnv },
  };
}

/** Either variable means TLS, whatever its value (cli/flags/options.go). */
function tlsOfEnv(env: Env): DockerTls | undefined {
  if (!env.DOCKER_TLS && !env.DOCKER_TLS_VERIFY) return undefined;
  const folder = env.DOCKER_CERT_PATH || configFolder(env);
  const files = tlsFiles(folder, Boolean(env.DOCKER_TLS_VERIFY));
  if (files.ca || !files.verify) return files;
  throw new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `DOCKER_TLS_VERIFY is set, but there is no ${join(folder, 'ca.pem')} to verify Docker with.`,
    hint: 'Set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem, or unset DOCKER_TLS_VERIFY.',
  });
}

function ofContext(folder: string, name: string): DockerEndpoint {
  const source = `the Docker context "${name}"`;
  const { host, tls } = contextEndpoint(folder, name);
  const { address, transport } = parseAddress(host, source);
  // DOCKER_HOST is what tools other than the docker command know, but it
  // cannot say what a context says of TLS.
  return transport.kind === 'tcp' && tls
    ? {
        address,
        source,
        transport,
        tls,
        env: { ...UNSET, DOCKER_CONTEXT: name },
      }
    : { address, source, transport, env: { ...UNSET, DOCKER_HOST: address } };
}
