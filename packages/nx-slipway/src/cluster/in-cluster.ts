import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env, Kubeconfig } from './kubeconfig-file';

/** Where Kubernetes mounts the account of a pod. */
export const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The context of the cluster that a pod runs in. */
export const IN_CLUSTER = 'in-cluster';

/**
 * What a pod has in place of a kubeconfig: the cluster that it runs in, as the
 * context `in-cluster`, with the account that is mounted in it.
 * @param folder of that account
 * @returns undefined outside of pods
 */
export async function inClusterConfig(
  env: Env,
  folder: string,
): Promise<Kubeconfig | undefined> {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(
    () => undefined,
  );
  if (!host || namespace === undefined) return undefined;
  const address = host.includes(':') ? `[${host}]` : host;
  const server = `https://${address}:${port}`;
  // Read anew when it expires: tokens of pods live for an hour.
  const config = { tokenFile: join(folder, 'token') };
  return {
    files: [`the service account in ${folder}`],
    clusters: [
      {
        name: IN_CLUSTER,
        server,
        caFile: join(folder, 'ca.crt'),
        skipTLSVerify: false,
      },
    ],
    users: [{ name: IN_CLUSTER, authProvider: { name: 'tokenFile', config } }],
    contexts: [
      {
        name: IN_CLUSTER,
        cluster: IN_CLUSTER,
        user: IN_CLUSTER,
        namespace: namespace.trim(),
      },
    ],
    current: IN_CLUSTER,
  };
}
