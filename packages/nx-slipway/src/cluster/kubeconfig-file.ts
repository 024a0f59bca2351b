import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import {
  loadClientNode,
  type ClusterEntry,
  type ContextEntry,
  type UserEntry,
} from './client-node';
import { kubeconfigError } from './cluster-errors';

export type Env = Readonly<Record<string, string | undefined>>;

/** One file, or several as one. Paths in it are absolute. */
export interface Kubeconfig {
  /** Those that are there. */
  readonly files: readonly string[];
  readonly clusters: readonly ClusterEntry[];
  readonly users: readonly UserEntry[];
  readonly contexts: readonly ContextEntry[];
  /** Its current-context. */
  readonly current?: string;
}

/**
 * @returns undefined if there is no such file
 * @throws SLIPWAY_E_KUBECONFIG
 */
export async function readKubeconfigFile(
  file: string,
): Promise<Kubeconfig | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw kubeconfigError(
      `the kubeconfig ${file} could not be read: ${message}.`,
      'Make it readable, or set KUBECONFIG to another.',
      error,
    );
  }
  return parse(file, text);
}

async function parse(file: string, text: string): Promise<Kubeconfig> {
  const { KubeConfig, loadYaml } = await loadClientNode();
  const raw = rawKubeconfig(file, text, loadYaml);
  const config = new KubeConfig();
  // A broken entry is nobody's business until it is the one that is asked for.
  if (raw) config.loadFromString(text, { onInvalidEntry: 'filter' });
  const folder = dirname(file);
  config.makePathsAbsolute(folder);
  const { clusters, contexts } = config;
  const users = config.users.map((user) =>
    completed(user, tokenFileOf(raw, user.name), folder),
  );
  const current = currentOf(raw);
  return { files: [file], clusters, users, contexts, current };
}

/** @returns undefined for a file with nothing in it, which is all right */
function rawKubeconfig(
  file: string,
  text: string,
  loadYaml: (text: string) => unknown,
): RawKubeconfig | undefined {
  let raw: unknown;
  try {
    raw = loadYaml(text);
  } catch (error) {
    const { name, reason, mark } = error as YamlError;
    if (name !== 'YAMLException') return undefined;
    // Its own message quotes the lines around, where tokens stand.
    throw kubeconfigError(
      `the kubeconfig ${file} is no YAML: ${reason} (line ${(mark?.line ?? 0) + 1}).`,
      'Repair the file, or set KUBECONFIG to another.',
    );
  }
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) {
    return raw;
  }
  throw kubeconfigError(
    `the kubeconfig ${file} is no kubeconfig: it holds no object.`,
    'Set KUBECONFIG to the file of your cluster.',
  );
}

interface RawKubeconfig {
  readonly users?: unknown;
  readonly 'current-context'?: unknown;
}

function currentOf(raw: RawKubeconfig | undefined): string | undefined {
  const current = raw?.['current-context'];
  return typeof current === 'string' && current !== '' ? current : undefined;
}

interface YamlError extends Error {
  readonly reason?: string;
  readonly mark?: { readonly line?: number };
}

/** client-node 1.4 does not know `tokenFile` of a user. */
function tokenFileOf(
  raw: { users?: unknown } | undefined,
  name: string,
): string | undefined {
  if (!Array.isArray(raw?.users)) return undefined;
  const users = raw.users as ({ name?: unknown; user?: unknown } | null)[];
  const entry = users.find((each) => each?.name === name)?.user;
  const file = (entry as { tokenFile?: unknown } | undefined)?.tokenFile;
  return typeof file === 'string' && file !== '' ? file : undefined;
}

/**
 * A user as client-node must be given it to do what kubectl does: data wins
 * over files, a token's file over the token, and paths are relative to the
 * kubeconfig.
 */
function completed(
  user: UserEntry,
  tokenFile: string | undefined,
  folder: string,
): UserEntry {
  const absolute = (path: string) =>
    isAbsolute(path) ? path : join(folder, path);
  const exec = user.exec as { command?: unknown } | null;
  const command = exec?.command;
  const isPath = typeof command === 'string' && command.includes(sep);
  return {
    ...user,
    certFile: user.certData ? undefined : user.certFile,
    keyFile: user.keyData ? undefined : user.keyFile,
    password: user.password ?? '',
    exec: isPath ? { ...exec, command: absolute(command) } : exec,
    ...(tokenFile && {
      token: undefined,
      authProvider: {
        name: 'tokenFile',
        config: { tokenFile: absolute(tokenFile) },
      },
    }),
  };
}
