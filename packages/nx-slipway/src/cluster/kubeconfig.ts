import { delimiter, join, resolve } from 'node:path';
import { kubeconfigError } from './cluster-errors';
import { SERVICE_ACCOUNT, inClusterConfig } from './in-cluster';
import {
  readKubeconfigFile,
  type Env,
  type Kubeconfig,
} from './kubeconfig-file';

/** Where kubectl would look. */
export interface KubeconfigPlace {
  readonly env: Env;
  readonly homedir: string;
  /** Of the account of a pod; default: where Kubernetes mounts it. */
  readonly serviceAccount?: string;
}

/**
 * Reads what kubectl reads, merged as it merges (client-go,
 * tools/clientcmd/loader.go): files that are not there are passed over, and
 * the first file that has a name wins. Where there is none, a pod has its account.
 * @throws SLIPWAY_E_KUBECONFIG naming the file
 */
export async function readKubeconfig(
  place: KubeconfigPlace,
): Promise<Kubeconfig> {
  const paths = kubeconfigPaths(place);
  const read = await Promise.all(paths.map(readKubeconfigFile));
  const parts = read.filter((part) => part !== undefined);
  if (parts.length === 0) {
    const { env, serviceAccount = SERVICE_ACCOUNT } = place;
    const inCluster = await inClusterConfig(env, serviceAccount);
    if (inCluster) return inCluster;
    throw kubeconfigError(
      `there is no kubeconfig: ${paths.join(' and ')} ${paths.length > 1 ? 'do' : 'does'} not exist.`,
      'Set KUBECONFIG to the file of your cluster.',
    );
  }
  return {
    files: parts.flatMap(({ files }) => files),
    clusters: firstOfEachName(parts.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(parts.flatMap(({ users }) => users)),
    contexts: firstOfEachName(parts.flatMap(({ contexts }) => contexts)),
    current: parts.find(({ current }) => current !== undefined)?.current,
  };
}

/** The files that kubectl would read, absolute, whether they are there or not. */
export function kubeconfigPaths({ env, homedir }: KubeconfigPlace): string[] {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  if (named.length === 0) return [join(homedir, '.kube', 'config')];
  return [...new Set(named.map((path) => resolve(path)))];
}

function firstOfEachName<T extends { readonly name: string }>(
  entries: readonly T[],
): T[] {
  const byName = new Map<string, T>();
  for (const entry of entries) {
    if (!byName.has(entry.name)) byName.set(entry.name, entry);
  }
  return [...byName.values()];
}
