import type { Settings } from './settings';
import type { Layout } from './layout';
import type { Allocation } from './allocation';
import { registryHost } from './daemons/registry';
import { toolFolders } from './tools/tools';

/** A sandbox that is up, as those who use it see it. */
export interface Sandbox {
  readonly name: string;
  /** e.g. `unix:///run/nx-slipway/default-1a2b3c/docker.sock` */
  readonly dockerHost: string;
  readonly registry: {
    /** As this machine names it, e.g. `localhost:15000`. */
    readonly host: string;
    /** As the cluster's containerd names the same registry. */
    readonly hostFromCluster: string;
  };
  readonly cluster?: { readonly kubeconfig: string; readonly context: string };
  /** The socket of the cluster's containerd, for `ctr -n k8s.io`. */
  readonly containerd?: string;
  /** The folders with kubectl and ko, as PATH has them. */
  readonly bin: string;
}

/** A name no resolver knows: only the cluster's containerd does. */
export const REGISTRY_FROM_CLUSTER = 'registry.slipway:5000';
export const CONTEXT = 'slipway-sandbox';
export const BASE_IMAGE = 'busybox:1.35';

/** Pure but for the versions of the tools, which are read once. */
export function describeSandbox(
  layout: Layout,
  allocation: Allocation,
  { cluster, external }: Settings,
): Sandbox {
  const host = external.registry ?? registryHost(allocation);
  const ours = external.registry === undefined && cluster;
  return {
    name: layout.name,
    dockerHost: external.dockerHost ?? `unix://${layout.dockerSocket}`,
    registry: {
      host,
      hostFromCluster:
        external.registryFromCluster ?? (ours ? REGISTRY_FROM_CLUSTER : host),
    },
    cluster:
      external.kubeconfig !== undefined && external.context !== undefined
        ? { kubeconfig: external.kubeconfig, context: external.context }
        : cluster
          ? { kubeconfig: layout.kubeconfig, context: CONTEXT }
          : undefined,
    containerd: cluster ? layout.containerdSocket : undefined,
    bin: toolFolders(layout).join(':'),
  };
}

/** The variables by which Docker, kubectl, ko and our tests find a sandbox. */
export function environmentOf(
  sandbox: Sandbox,
  path: string | undefined,
): Record<string, string> {
  const { registry, cluster } = sandbox;
  return {
    DOCKER_HOST: sandbox.dockerHost,
    SLIPWAY_SANDBOX_REGISTRY: registry.host,
    SLIPWAY_SANDBOX_REGISTRY_FROM_CLUSTER: registry.hostFromCluster,
    KO_DEFAULTBASEIMAGE: `${registry.host}/${BASE_IMAGE}`,
    PATH: path ? `${sandbox.bin}:${path}` : sandbox.bin,
    ...(cluster && {
      KUBECONFIG: cluster.kubeconfig,
      SLIPWAY_SANDBOX_CONTEXT: cluster.context,
    }),
  };
}
