/** Where a container of a pod is in its life. */
export interface ContainerLife {
  /** Of the newest that has started, whose log there is; none: none yet. */
  readonly id?: string;
  readonly isRunning: boolean;
  /** Of the one before it, whose log may still be there. */
  readonly previous?: string;
  /** Whether none will be started again. */
  readonly isOver: boolean;
}

/** A pod, as far as its containers' lives go. */
export interface LivingPod {
  readonly metadata: {
    readonly uid?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: {
    readonly restartPolicy?: string;
    readonly initContainers?: readonly Described[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface Described {
  readonly name: string;
  readonly restartPolicy?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: States;
  readonly lastState?: States;
}

interface States {
  readonly running?: object;
  readonly terminated?: Terminated;
}

interface Terminated {
  readonly containerID?: string;
  readonly exitCode?: number;
}

export function lifeOf(pod: LivingPod, name: string): ContainerLife {
  const { status = {} } = pod;
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  const found = [...initContainerStatuses, ...containerStatuses].find(
    (each) => each.name === name,
  );
  const { running, terminated } = found?.state ?? {};
  const before = found?.lastState?.terminated;
  const isOver =
    ['Succeeded', 'Failed'].includes(status.phase ?? '') ||
    (!running && pod.metadata.deletionTimestamp !== undefined) ||
    (terminated !== undefined && !isStartedAgain(pod, name, terminated));
  if (!running && !terminated) {
    return { id: before?.containerID, isRunning: false, isOver };
  }
  return {
    id: found?.containerID || terminated?.containerID,
    isRunning: running !== undefined,
    previous: before?.containerID,
    isOver,
  };
}

function isStartedAgain(
  { spec = {} }: LivingPod,
  name: string,
  { exitCode }: Terminated,
): boolean {
  const init = spec.initContainers?.find((each) => each.name === name);
  // One that runs beside the others says so itself.
  const policy = init?.restartPolicy ?? spec.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  if (policy === 'Always' && !(init && !init.restartPolicy)) return true;
  return exitCode !== 0;
}
