import { readFile } from 'node:fs/promises';
import type { ClusterEntry, UserEntry } from './client-node';
import { kubeconfigError } from './cluster-errors';
import type { Kubeconfig } from './kubeconfig-file';

/**
 * A context as it was when it was opened: whatever is written into the
 * kubeconfig later, requests go to this server and trust this CA.
 */
export interface FrozenContext {
  readonly context: string;
  readonly clusterName: string;
  /** URL without userinfo and without a slash at the end. */
  readonly server: string;
  readonly cluster: ClusterEntry;
  /** Of the context entry. */
  readonly namespace?: string;
  /** None: requests carry no credentials. Renewal reads the entry again. */
  readonly user?: UserEntry;
}

/** How many names an error lists. */
const MAX_NAMES = 20;

/** @throws SLIPWAY_E_KUBECONFIG */
export async function freezeContext(
  config: Kubeconfig,
  named?: string,
): Promise<FrozenContext> {
  const name = named ?? currentOf(config);
  const entry = config.contexts.find((context) => context.name === name);
  if (!entry) {
    throw kubeconfigError(
      `there is no context "${name}" in ${filesOf(config)}.`,
      contextsHint(config),
    );
  }
  const cluster = config.clusters.find((each) => each.name === entry.cluster);
  if (!cluster) {
    throw kubeconfigError(
      `the context "${name}" leads to the cluster "${entry.cluster}", which is not in ${filesOf(config)}, or has no server there.`,
      'Repair the kubeconfig, or name another context.',
    );
  }
  const server = serverOf(cluster);
  return {
    context: name,
    clusterName: cluster.name,
    server,
    namespace: entry.namespace || undefined,
    cluster: { ...cluster, server, ...(await certificateAuthority(cluster)) },
    user: entry.user ? userNamed(config, entry.user) : undefined,
  };
}

/** @throws SLIPWAY_E_KUBECONFIG */
function currentOf(config: Kubeconfig): string {
  if (config.current) return config.current;
  throw kubeconfigError(
    `no context is named, and ${filesOf(config)} has no current one.`,
    `Name one in the option context. ${contextsHint(config)}`,
  );
}

/** @throws SLIPWAY_E_KUBECONFIG */
export function userNamed(config: Kubeconfig, name: string): UserEntry {
  const user = config.users.find((each) => each.name === name);
  if (user) return user;
  throw kubeconfigError(
    `there is no user "${name}" in ${filesOf(config)}.`,
    'Log in again, repair the kubeconfig, or name another context.',
  );
}

function serverOf({ name, server }: ClusterEntry): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw kubeconfigError(
      `the server of the cluster "${name}" is no http or https URL.`,
      'Repair the kubeconfig, or name another context.',
    );
  }
  if (url.username || url.password) {
    throw kubeconfigError(
      `the server of the cluster "${name}" has credentials in its URL.`,
      'Put them into the user of the context.',
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** As kubectl has it, data wins over a file. */
async function certificateAuthority({ name, caData, caFile }: ClusterEntry) {
  if (caData || !caFile) return { caData, caFile: undefined };
  try {
    const pem = await readFile(caFile);
    return { caData: pem.toString('base64'), caFile: undefined };
  } catch (error) {
    throw kubeconfigError(
      `the certificate authority of the cluster "${name}" could not be read: ${(error as Error).message}.`,
      'Repair the kubeconfig, or name another context.',
      error,
    );
  }
}

function filesOf({ files }: Kubeconfig): string {
  return files.join(', ');
}

function contextsHint({ contexts }: Kubeconfig): string {
  if (contexts.length === 0) return 'It has no contexts at all.';
  const names = contexts.map(({ name }) => `"${name}"`).sort();
  const more = names.length - MAX_NAMES;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `There are ${names.slice(0, MAX_NAMES).join(', ')}${rest}.`;
}
