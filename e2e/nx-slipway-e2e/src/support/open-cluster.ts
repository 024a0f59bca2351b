import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '@nx-slipway/sandbox';
import {
  openCluster,
  type Cluster,
  type OpenCluster,
} from '../../../../packages/nx-slipway/src/cluster';

/** The sandbox's cluster, as an executor opens it. */
export function openSandboxCluster(
  { cluster }: Sandbox,
  options: Partial<OpenCluster> = {},
): Promise<Cluster> {
  if (!cluster) throw new Error('the sandbox has no cluster');
  return openCluster({
    context: cluster.context,
    namedInOption: true,
    allowContexts: [],
    env: { KUBECONFIG: cluster.kubeconfig },
    homedir: tmpdir(),
    ...options,
  });
}

/** The token of the sandbox's administrator. */
export async function adminTokenOf({ cluster }: Sandbox): Promise<string> {
  const text = await readFile(cluster?.kubeconfig ?? '', 'utf8');
  const { users } = JSON.parse(text) as {
    users: { user: { token: string } }[];
  };
  return users[0]?.user.token ?? '';
}

/** A cluster at a URL of a test's own, whoever signed its certificate. */
export async function openClusterAt(
  server: string,
  token: string,
  options: Partial<OpenCluster> = {},
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-kubeconfig-'));
  const KUBECONFIG = join(folder, 'config');
  const name = 'test';
  const cluster = { server, 'insecure-skip-tls-verify': true };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  try {
    await writeFile(KUBECONFIG, JSON.stringify(config));
    return await openCluster({
      context: name,
      namedInOption: true,
      allowContexts: [],
      env: { KUBECONFIG },
      homedir: folder,
      ...options,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
