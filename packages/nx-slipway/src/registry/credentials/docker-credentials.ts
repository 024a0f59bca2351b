import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../../report';
import {
  credentialsIn,
  helperFor,
  parseAuthFile,
  type AuthFile,
} from './auth-file';
import { askHelper } from './credential-helper';
import {
  secretsIn,
  type Credentials,
  type CredentialSource,
} from './credentials';

export interface DockerCredentialsOptions {
  /** Absolute. */
  readonly homedir: string;
  /** Told every value that must not be shown, before anyone else gets it. */
  readonly onSecret: (value: string) => void;
  /** Ends helpers that run. */
  readonly signal?: AbortSignal;
  /** Milliseconds that a helper may take; 10 s unless given. */
  readonly helperTimeout?: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The credentials that `docker login` left, then those of podman and buildah.
 * Helpers are asked before the files themselves, as Docker does. An answer is
 * kept until it is forgotten; a failure is not.
 */
export function dockerCredentials(
  env: Env,
  options: DockerCredentialsOptions,
): CredentialSource {
  const answers = new Map<string, Promise<Credentials | undefined>>();
  const lookUp = async (host: string) => {
    try {
      const found = await find(host, env, options);
      if (found) secretsIn(found).forEach(options.onSecret);
      return found;
    } catch (error) {
      answers.delete(host);
      throw error;
    }
  };
  return {
    credentialsFor(host) {
      const answer = answers.get(host) ?? lookUp(host);
      answers.set(host, answer);
      return answer;
    },
    forget: (host) => void answers.delete(host),
  };
}

async function find(
  host: string,
  env: Env,
  { homedir, signal, helperTimeout }: DockerCredentialsOptions,
): Promise<Credentials | undefined> {
  for (const path of pathsOf(env, homedir)) {
    const file = await read(path);
    if (!file) continue;
    const name = helperFor(file, host);
    const asked =
      name !== '' &&
      (await askHelper(name, host, { env, signal, timeout: helperTimeout }));
    const found = asked || credentialsIn(file, host);
    if (found) return found;
  }
  return undefined;
}

function pathsOf(env: Env, homedir: string): string[] {
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR } = env;
  return [
    join(DOCKER_CONFIG || join(homedir, '.docker'), 'config.json'),
    REGISTRY_AUTH_FILE ?? '',
    XDG_RUNTIME_DIR ? join(XDG_RUNTIME_DIR, 'containers', 'auth.json') : '',
  ].filter((path) => path !== '');
}

async function read(path: string): Promise<AuthFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SlipwayError({
      code: 'SLIPWAY_E_CREDENTIALS',
      message: `${path} cannot be read (${code}).`,
      hint: 'Check who owns it: sudo docker login leaves one that belongs to root.',
      cause: error,
    });
  }
  return parseAuthFile(text, path);
}
