import type { KubeObject } from '../../manifest';

/** A Pod of the core API, as far as it is looked at here. */
export interface PodFields {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: Ended;
}

export interface Ended {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly containerID?: string;
}

/** The API server vouches for the shape of what it stores. */
export function podFields(pod: KubeObject): PodFields {
  return pod;
}

export function containersOf({ spec = {} }: PodFields): readonly Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
}

/** Those of which something is known, in the order in which they start. */
export function statusesOf({
  status = {},
}: PodFields): readonly ContainerStatus[] {
  return [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ];
}

/** Whether it has run, now or before: then there is a log of it. */
export function hasStarted({ state = {}, lastState = {} }: ContainerStatus) {
  return Boolean(state.running ?? state.terminated ?? lastState.terminated);
}

/**
 * Whether it was not before that time, milliseconds of the epoch; Kubernetes
 * tells the second.
 */
export function isSince(time: string | undefined, since: number): boolean {
  return Date.parse(time ?? '') >= Math.floor(since / 1000) * 1000;
}
