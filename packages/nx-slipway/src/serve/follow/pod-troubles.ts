import { howEnded, shortLine, type ServedPod } from '../../deploy';
import {
  podFields,
  statusesOf,
  type ContainerStatus,
  type Ended,
  type PodFields,
} from './pod-fields';

/** What is wrong with a pod, and would be told. */
export interface Trouble {
  /** The same for all pods of one template: one line is enough for them. */
  readonly key: string;
  /** More keys, of what need not be told after it. */
  readonly covers: readonly string[];
  /** Of what has happened, and does not last. */
  readonly occurrence?: string;
  /** `pod/web-5d9c` */
  readonly object: string;
  readonly reason: string;
  readonly message: string;
}

type Wrong = Omit<Trouble, 'object' | 'key' | 'covers'> & {
  readonly kind: string;
  readonly covers?: readonly string[];
};

/** What a container waits for that is as it should be. */
const STARTING = ['ContainerCreating', 'PodInitializing', undefined];
const PULLS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
];

/**
 * The troubles that a pod is in, by its own state. A pod that is being deleted
 * has none.
 */
export function troublesOf(served: ServedPod): Trouble[] {
  const pod = podFields(served.pod);
  if (pod.metadata.deletionTimestamp !== undefined) return [];
  const template = templateOf(served);
  const object = `pod/${pod.metadata.name}`;
  const named = (container: string) => (wrong: Wrong) => {
    const keyOf = (kind: string) => `${template} ${container} ${kind}`;
    const { kind, covers = [], ...rest } = wrong;
    return { ...rest, object, key: keyOf(kind), covers: covers.map(keyOf) };
  };
  return [
    ...wrongWith(pod).map(named('')),
    ...statusesOf(pod).flatMap((status) =>
      wrongIn(pod, status).map(named(status.name)),
    ),
  ];
}

/** What its controller made it of: the same for its replicas, not for its successor. */
export function templateOf({ pod, owner: { kind, name } }: ServedPod): string {
  const { labels = {} } = pod.metadata;
  const revision =
    labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? '';
  return `${kind}/${name} ${revision}`;
}

function wrongWith({ status = {} }: PodFields): Wrong[] {
  const { phase, reason = '', message = '' } = status;
  if (phase === 'Failed' && reason !== '') {
    return [{ kind: reason, reason, message: shortLine(message) }];
  }
  const scheduled = status.conditions?.find(
    ({ type }) => type === 'PodScheduled',
  );
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') {
    return [];
  }
  const why = scheduled.message ?? '';
  // A volume is on its way, or others make room.
  if (/unbound immediate/.test(why) || status.nominatedNodeName) return [];
  const told = { reason: 'FailedScheduling', message: shortLine(why) };
  return [{ kind: 'FailedScheduling', ...told }];
}

function wrongIn(pod: PodFields, status: ContainerStatus): Wrong[] {
  const { name, state = {}, lastState = {} } = status;
  const ended = state.terminated ?? lastState.terminated;
  const told = (message: string) => `container ${name}: ${message}`;
  const waiting = state.waiting?.reason;
  if (waiting === 'CrashLoopBackOff') {
    const how = ended ? howEnded({ ...ended }) : 'its end';
    const message = told(`${how}, again and again`);
    // Nor the end that brought it there.
    const covers = ended && isWrong(ended) ? [kindOf(ended)] : [];
    const loop = { kind: waiting, covers, reason: waiting, message };
    return [loop, ...endOf(pod, status, ended)];
  }
  if (!STARTING.includes(waiting)) {
    const reason = waiting ?? '';
    const kind = PULLS.includes(reason) ? 'pull' : reason;
    const why = shortLine(state.waiting?.message ?? '') || 'no reason given';
    return [{ kind, reason, message: told(why) }];
  }
  return endOf(pod, status, ended);
}

/** A container that has ended as it should not, whatever it does now. */
function endOf(
  { metadata: { uid } }: PodFields,
  { name }: ContainerStatus,
  ended: Ended | undefined,
): Wrong[] {
  if (!ended || !isWrong(ended)) return [];
  const { reason = 'Error', containerID = '', finishedAt = '' } = ended;
  return [
    {
      kind: kindOf(ended),
      occurrence: `${uid} ${name} ${containerID} ${finishedAt}`,
      reason,
      message: `container ${name}: ${howEnded({ ...ended })}`,
    },
  ];
}

function isWrong({ exitCode = 0, reason }: Ended): boolean {
  return exitCode !== 0 || reason === 'OOMKilled';
}

function kindOf({ reason }: Ended): string {
  return reason === 'OOMKilled' ? reason : 'end';
}
