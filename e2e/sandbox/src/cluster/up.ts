import { type Allocation, networksOf } from '../allocation';
import { CLUSTER_DAEMONS, type Daemon } from '../daemons/daemon';
import { ensureDaemon } from '../daemons/supervise';
import { SandboxError } from '../error';
import type { Layout } from '../layout';
import { childCgroups, processesIn } from '../system/cgroup';
import { waitUntil } from '../system/wait';
import { type Api, apiOf } from './api';
import {
  type ClusterRegistry,
  containerdDaemon,
  importPause,
  prepareContainerd,
} from './containerd';
import {
  apiserverDaemon,
  controllerManagerDaemon,
  etcdDaemon,
  schedulerDaemon,
} from './control-plane';
import { ensureCredentials, writeKubeconfig } from './credentials';
import { kubeletDaemon, NODE_NAME, prepareNode, proxyDaemon } from './node';

/** All of the cluster's daemons, in the order of their start. */
export async function clusterDaemons(
  layout: Layout,
  allocation: Allocation,
): Promise<Daemon[]> {
  const api = await apiOf(layout, allocation.ports.apiserver);
  return [
    containerdDaemon(layout),
    etcdDaemon(layout, allocation),
    apiserverDaemon(layout, allocation, api),
    controllerManagerDaemon(layout, allocation),
    schedulerDaemon(layout, allocation),
    kubeletDaemon(layout, allocation),
    proxyDaemon(layout, allocation),
  ];
}

/**
 * One cluster for a machine: kube-proxy's iptables chains have fixed names.
 * @throws SandboxError SANDBOX_E_SECOND_CLUSTER naming who has it.
 */
export async function refuseSecondCluster(layout: Layout): Promise<void> {
  const family = layout.cgroup.slice(0, layout.cgroup.lastIndexOf('/'));
  const own = layout.cgroup.slice(family.length + 1);
  for (const id of await childCgroups(family)) {
    if (id === own) continue;
    for (const daemon of CLUSTER_DAEMONS) {
      const living = await processesIn(`${family}/${id}/${daemon}`);
      if (living.length === 0) continue;
      const name = id.slice(0, id.lastIndexOf('-'));
      throw new SandboxError(
        'SANDBOX_E_SECOND_CLUSTER',
        `The sandbox "${name}" (${id}) runs the cluster of this machine, and there can be one only.`,
        `Leave out --cluster, or end that one: npm run sandbox -- down --name ${name}`,
      );
    }
  }
}

async function nodeIsReady(api: Api): Promise<boolean> {
  const [node, account] = await Promise.all([
    api(`/api/v1/nodes/${NODE_NAME}`),
    // A pod is refused until its service account is there.
    api('/api/v1/namespaces/default/serviceaccounts/default'),
  ]);
  if (node.status !== 200 || account.status !== 200) return false;
  const { spec, status } = JSON.parse(node.body) as {
    spec: { taints?: unknown[] };
    status: { conditions?: { type: string; status: string }[] };
  };
  const ready = status.conditions?.some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
  return ready === true && !spec.taints?.length;
}

/** Starts, or heals, the cluster; its programs must be built. */
export async function clusterUp(
  layout: Layout,
  allocation: Allocation,
  registry: ClusterRegistry,
): Promise<void> {
  const { pods } = networksOf(allocation.octet);
  await Promise.all([
    ensureCredentials(layout),
    prepareContainerd(layout, pods, registry),
    prepareNode(layout, allocation),
  ]);
  const api = await apiOf(layout, allocation.ports.apiserver);
  const runtime = ensureDaemon(layout, containerdDaemon(layout)).then(() =>
    importPause(layout),
  );
  // Started together: the API server waits for its store, and etcd is quick.
  await Promise.all([
    ensureDaemon(layout, etcdDaemon(layout, allocation)),
    ensureDaemon(layout, apiserverDaemon(layout, allocation, api)),
  ]);
  await writeKubeconfig(layout, allocation.ports.apiserver);
  await Promise.all([
    ensureDaemon(layout, controllerManagerDaemon(layout, allocation)),
    ensureDaemon(layout, schedulerDaemon(layout, allocation)),
    runtime.then(() => ensureDaemon(layout, kubeletDaemon(layout, allocation))),
    ensureDaemon(layout, proxyDaemon(layout, allocation)),
  ]);
  if (await waitUntil(() => nodeIsReady(api), 60_000, 50)) return;
  throw new SandboxError(
    'SANDBOX_E_NODE',
    'The cluster runs but its node is not ready.',
    `Look at ${layout.logs}/kubelet.log and containerd.log there.`,
  );
}
