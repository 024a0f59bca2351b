import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Allocation, networksOf } from '../allocation';
import type { Daemon } from '../daemons/daemon';
import type { Layout } from '../layout';
import { makeEverywhere } from '../system/cgroup';
import { json, writeWhole } from '../system/files';
import { isOk } from '../system/http';
import { ensureBridge } from '../system/links';
import { kubernetesProgram } from '../tools/tools';
import { credentialsOf } from './credentials';

export const NODE_NAME = 'slipway-sandbox';

const kubeletConfigOf = (layout: Layout) =>
  join(layout.cluster, 'kubelet.json');
const proxyConfigOf = (layout: Layout) =>
  join(layout.cluster, 'kube-proxy.json');
const podCgroup = (layout: Layout) => `${layout.cgroup}/pods`;

function kubeletConfig(layout: Layout, { ports, octet }: Allocation) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // The API server reaches it at the node's address, so not on loopback:
    // 127.0.0.1 is refused as an address of a node.
    address: networksOf(octet).node,
    port: ports.kubelet,
    readOnlyPort: 0,
    healthzBindAddress: '127.0.0.1',
    healthzPort: ports.kubeletHealth,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: credentialsOf(layout).kubeletClientCertificate },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: podCgroup(layout),
    enforceNodeAllocatable: [],
    failSwapOn: false,
    // There is no cluster DNS: pods find Services by address.
    resolvConf: '',
    podLogsDir: join(layout.cluster, 'pod-logs'),
    volumePluginDir: join(layout.cluster, 'volume-plugins'),
    // kube-proxy makes what is needed; this would only be left behind.
    makeIPTablesUtilChains: false,
    serializeImagePulls: false,
    registryPullQPS: 0,
    // Not 0, for which the kubelet's client takes its own default of 5 a second:
    // events of a busy cluster would come half a minute late.
    eventRecordQPS: 500,
    eventBurst: 500,
    // Tests of containers that crash would wait for minutes.
    featureGates: { KubeletCrashLoopBackOffMax: true },
    crashLoopBackOff: { maxContainerRestartPeriod: '4s' },
    // The disk is the developer's own: no business of the sandbox's.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'memory.available': '50Mi',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
    },
  };
}

export function kubeletDaemon(layout: Layout, { ports, octet }: Allocation) {
  return {
    name: 'kubelet',
    argv: [
      kubernetesProgram(layout, 'kubelet'),
      `--config=${kubeletConfigOf(layout)}`,
      `--kubeconfig=${layout.kubeconfig}`,
      `--root-dir=${join(layout.cluster, 'kubelet')}`,
      `--cert-dir=${join(layout.cluster, 'pki', 'kubelet')}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${networksOf(octet).node}`,
    ],
    healthy: () => isOk(`http://127.0.0.1:${ports.kubeletHealth}/healthz`),
  } satisfies Daemon;
}

function proxyConfig(layout: Layout, { ports, octet }: Allocation) {
  const { node, pods } = networksOf(octet);
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clientConnection: { kubeconfig: layout.kubeconfig },
    clusterCIDR: pods,
    hostnameOverride: NODE_NAME,
    healthzBindAddress: `127.0.0.1:${ports.proxyHealth}`,
    metricsBindAddress: `127.0.0.1:${ports.proxyMetrics}`,
    nodePortAddresses: [`${node}/32`],
    // On loopback they would need route_localnet for the whole machine.
    iptables: { localhostNodePorts: false, syncPeriod: '30s' },
    // Sysctls that it may not set on such a machine.
    conntrack: {
      maxPerCore: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
    },
  };
}

export function proxyDaemon(layout: Layout, { ports }: Allocation) {
  return {
    name: 'kube-proxy',
    argv: [
      kubernetesProgram(layout, 'kube-proxy'),
      `--config=${proxyConfigOf(layout)}`,
    ],
    // /healthz waits for a first sync of every family; alive is enough here.
    healthy: () => isOk(`http://127.0.0.1:${ports.proxyHealth}/livez`),
  } satisfies Daemon;
}

/** What kubelet and kube-proxy read, and what they must find. */
export async function prepareNode(
  layout: Layout,
  allocation: Allocation,
): Promise<void> {
  await mkdir(join(layout.cluster, 'kubelet'), { recursive: true });
  await writeWhole(
    kubeletConfigOf(layout),
    json(kubeletConfig(layout, allocation)),
  );
  await writeWhole(
    proxyConfigOf(layout),
    json(proxyConfig(layout, allocation)),
  );
  await makeEverywhere(podCgroup(layout));
  const { node } = networksOf(allocation.octet);
  await ensureBridge(layout.links.node, `${node}/32`);
}
