/** A program that the sandbox keeps running, as plain data. */
export interface Daemon {
  readonly name: DaemonName;
  readonly argv: readonly [string, ...string[]];
  /** Whether it answers now; never rejects. */
  readonly healthy: () => Promise<boolean>;
  /** Clears what an instance that was killed left in the way of a new one. */
  readonly beforeStart?: () => Promise<void>;
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
