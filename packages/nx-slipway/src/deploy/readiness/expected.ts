import type { ApiResource } from '../../cluster';
import type { LiveObject } from '../live';
import type { PodTrouble } from './pod-trouble';
import type { Verdict } from './status';

/** One object that was waited for. */
export interface ReadyObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** From when it was applied, in milliseconds. */
  readonly ms: number;
  readonly note?: string;
}

/** An object that was applied, and is to become ready. */
export interface Expected {
  /** As the server answered it. */
  readonly applied: LiveObject;
  readonly resource: ApiResource;
  /** By the clock of the run. */
  readonly since: number;
  /** Of a claim: whether it is given a volume before a pod wants it. */
  readonly isBoundAtOnce: boolean;
  /** Pods of it that were deleted, for others to come in their place. */
  readonly replaced?: Replaced;
  /** Whether it has been seen: what is gone then was deleted. */
  isSeen?: boolean;
  /** Applied by a pass before the newest. */
  isOld?: boolean;
  /** Whether it has been waited for. */
  wasWaiting?: boolean;
  /** What is ready once is so for good. */
  ready?: ReadyObject;
}

export interface Replaced {
  readonly count: number;
  /** All that it had then, by uid. */
  readonly before: ReadonlySet<string | undefined>;
}

/** An object that is not ready, and what keeps it. */
export interface Waiting {
  readonly expected: Expected;
  /** As it was last seen. */
  readonly live?: LiveObject;
  readonly verdict: Verdict;
  readonly trouble?: PodTrouble;
  /** How many of its pods, of whatever template, are being deleted. */
  readonly ending: number;
}

const WITH_PODS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'Pod',
];

export function hasPods({ kind }: { readonly kind: string }): boolean {
  return WITH_PODS.includes(kind);
}
