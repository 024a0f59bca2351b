import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '../report';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Which daemon the `docker` command would talk to, in its own order:
 * DOCKER_HOST, DOCKER_CONTEXT, `currentContext` of its config file, default.
 * The daemon that we verify in must be the one that the command builds in.
 * @returns the value for DOCKER_HOST, undefined for the default socket
 */
export function dockerHost(env: Env): string | undefined {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const folder = env.DOCKER_CONFIG || join(homedir(), '.docker');
  const name = env.DOCKER_CONTEXT || currentContext(folder);
  if (!name || name === 'default') return undefined;
  return contextHost(folder, name);
}

function currentContext(folder: string): string | undefined {
  const config = readJson(join(folder, 'config.json'));
  return (config as { currentContext?: string } | undefined)?.currentContext;
}

/** Where the Docker CLI keeps a context: docker/cli, cli/context/store. */
function contextHost(folder: string, name: string): string {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(folder, 'contexts', 'meta', id, 'meta.json'));
  const host = (
    meta as { Endpoints?: { docker?: { Host?: string } } } | undefined
  )?.Endpoints?.docker?.Host;
  if (host) return host;
  throw new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_NOT_RUNNING',
    message: `the Docker context "${name}" is chosen, but it has no Docker endpoint on this machine.`,
    hint: 'See docker context ls; choose another with docker context use NAME, or set DOCKER_HOST.',
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SlipwayError({
      code: 'SLIPWAY_E_DOCKER_FAILED',
      message: `${path} could not be read: ${(error as Error).message}.`,
      hint: 'Repair the file, or set DOCKER_HOST.',
      cause: error,
    });
  }
}
