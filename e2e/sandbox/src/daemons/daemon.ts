/** A program that the sandbox keeps running, as plain data. */
export interface Daemon {
  readonly name: DaemonName;
  readonly argv: readonly [string, ...string[]];
  /** Whether it answers now; never rejects. */
  readonly healthy: () => Promise<boolean>;
  /** Milliseconds it has to answer after its start. */
  readonly startWithin?: number;
  /** Milliseconds between TERM and KILL. */
  readonly grace?: number;
}

/** In the order of their start. */
export const BASE_DAEMONS = ['dockerd', 'registry'] as const;
export const CLUSTER_DAEMONS = [
  'containerd',
  'etcd',
  'apiserver',
  'controller-manager',
  'scheduler',
  'kubelet',
  'kube-proxy',
] as const;
export type DaemonName =
  (typeof BASE_DAEMONS)[number] | (typeof CLUSTER_DAEMONS)[number];
