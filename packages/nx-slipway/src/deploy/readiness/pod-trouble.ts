import type { LiveObject } from '../live';
import { pullWeight } from './pull-trouble';
import {
  conditionOf,
  fieldsOf,
  listOf,
  numberOf,
  saidBy,
  textOf,
  type Fields,
} from './status';
import { shortLine } from './words';

/** When a trouble ends the wait for its object. */
export type Weight =
  /** At once. */
  | 'now'
  /** When it has lasted: a Secret may be made. */
  | 'lasting'
  /** When it has lasted longer than until the next try. */
  | 'pull'
  /** As `lasting`, and nobody makes room, and no node is on its way. */
  | 'node'
  /** When nothing that it may wait for is on its way, or it has gone on. */
  | 'crash';

/** What keeps a pod from ever running. */
export interface PodTrouble {
  readonly pod: LiveObject;
  /** None: of the pod as a whole. */
  readonly container?: string;
  readonly reason: string;
  readonly weight: Weight;
  /** How often the container has been started again. */
  readonly restarts: number;
  /** Whether its last words are those of the container before this one. */
  readonly hasRestarted: boolean;
}

const CANNOT_CREATE = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];

/**
 * @param mayCrash a Job's pods may: it counts them itself
 * @returns undefined for a pod that runs, or may yet
 */
export function troubleOf(
  pod: LiveObject,
  mayCrash: boolean,
): PodTrouble | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  for (const each of containersOf(pod)) {
    const { name: container, restarts } = each;
    const waits = fieldsOf(each.state, 'waiting');
    const weight = hasCrashedAgain(each) ? 'crash' : weightOf(waits);
    if (!weight || (weight === 'crash' && mayCrash)) continue;
    const reason = weight === 'crash' ? crashOf(each) : saidBy(waits);
    const hasRestarted = weight === 'crash' && !each.state.terminated;
    return { pod, container, reason, weight, restarts, hasRestarted };
  }
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') {
    return undefined;
  }
  // A volume is on its way, or others make room.
  if (/unbound immediate/.test(saidBy(scheduled))) return undefined;
  if (fieldsOf(pod, 'status').nominatedNodeName) return undefined;
  return {
    pod,
    reason: saidBy(scheduled),
    weight: 'node',
    restarts: 0,
    hasRestarted: false,
  };
}

/** It takes the kubelet up to ten seconds more to call it CrashLoopBackOff. */
function hasCrashedAgain({ state, restarts }: ContainerOf): boolean {
  const { exitCode = 0 } = fieldsOf(state, 'terminated');
  return restarts > 0 && exitCode !== 0;
}

function weightOf(waits: Fields): Weight | undefined {
  const reason = textOf(waits, 'reason');
  if (reason === 'CrashLoopBackOff') return 'crash';
  if (CANNOT_CREATE.includes(reason)) return 'lasting';
  return pullWeight(reason, textOf(waits, 'message'));
}

/** One container of a pod. */
export interface ContainerOf {
  readonly name: string;
  /** One that runs before the others, or beside them. */
  readonly isInit: boolean;
  readonly state: Fields;
  readonly restarts: number;
  readonly fields: Fields;
}

/** All of which something is known, in the order in which they start. */
export function containersOf(pod: LiveObject): ContainerOf[] {
  const status = fieldsOf(pod, 'status');
  const read = (list: string) =>
    listOf(status[list]).map((fields) => ({
      name: textOf(fields, 'name'),
      isInit: list === 'initContainerStatuses',
      state: fieldsOf(fields, 'state'),
      restarts: numberOf(fields, 'restartCount'),
      fields,
    }));
  return [...read('initContainerStatuses'), ...read('containerStatuses')];
}

function crashOf({ state, fields }: ContainerOf): string {
  const last = state.terminated ? state : fieldsOf(fields, 'lastState');
  const ended = fieldsOf(last, 'terminated');
  return `CrashLoopBackOff: it ends with ${howEnded(ended)}, again and again`;
}

/**
 * `exit code 3 (its own last message)`
 * @param ended the state `terminated` of a container
 */
export function howEnded(ended: Fields): string {
  const code = typeof ended.exitCode === 'number' ? ended.exitCode : 'unknown';
  const how =
    ended.reason === 'OOMKilled'
      ? 'OOMKilled, since it took more memory than its limit'
      : `exit code ${code}`;
  const said = shortLine(textOf(ended, 'message'));
  return said === '' ? how : `${how} (${said})`;
}
