import { shortLine, type ServedPod } from '../../deploy';
import type { KubeObject } from '../../manifest';
import type { ClusterEvent } from '../events';
import { isSince, podFields } from './pod-fields';
import { templateOf, troublesOf, type Trouble } from './pod-troubles';
import { SaidOnce } from './said-once';

export interface ClusterEventsParts {
  readonly project: string;
  readonly onEvent: (event: ClusterEvent) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** When serve began, milliseconds of the epoch. Default: now. */
  readonly since?: number;
}

/** Milliseconds. */
const MINUTE = 60_000;
/** A container that has run for so long has recovered, as the kubelet has it. */
const RECOVERED = 10 * MINUTE;

/**
 * Reasons of events that matter, and that no pod has in its state. Of those that
 * a pod has there, such as BackOff and FailedScheduling, the state is enough.
 */
const REASONS = [
  'Unhealthy',
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'FailedCreate',
  'FailedCreatePodSandBox',
  'FailedPostStartHook',
  'NetworkNotReady',
  'ProvisioningFailed',
  'Preempted',
  'TaintManagerEviction',
];

/** An Event of the core API. */
interface EventFields {
  readonly involvedObject?: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly reason?: string;
  readonly message?: string;
}

/**
 * Decides which of all that happens to the pods of a project is told: what
 * matters, in one line, once for all pods of one template, and again when it had
 * been well for ten minutes; probes that fail once a minute.
 */
export class ClusterEvents {
  private readonly said: SaidOnce;
  private pods?: readonly ServedPod[];
  /** Keys of what is wrong now. */
  private lasting: ReadonlySet<string> = new Set();
  private occurred: ReadonlySet<string> = new Set();
  private readonly since: number;

  constructor(private readonly parts: ClusterEventsParts) {
    this.since = parts.since ?? Date.now();
    this.said = new SaidOnce(parts.now);
  }

  /**
   * The pods, each time that they have changed. What is wrong at the first time
   * is not told: it was so before, but with pods that were made since.
   */
  update(pods: readonly ServedPod[]): void {
    if (!this.pods) this.remember(pods.filter(this.isOld).flatMap(troublesOf));
    this.pods = pods;
    // What is over now had been so until now.
    for (const key of this.lasting) this.said.note(key);
    const troubles = pods.flatMap(troublesOf);
    for (const trouble of troubles) {
      if (this.isNews(trouble)) this.tell(trouble);
    }
    this.remember(troubles);
    this.said.forget(RECOVERED);
  }

  /** An event that has come since serve began, about an object of the project. */
  add(event: KubeObject): void {
    const {
      involvedObject = {},
      reason = '',
      message = '',
    } = event as unknown as EventFields;
    const { kind = '', name = '', uid, fieldPath = '' } = involvedObject;
    if (!REASONS.includes(reason)) return;
    const served = this.pods?.find(({ pod }) => pod.metadata.uid === uid);
    const isEnding =
      served && podFields(served.pod).metadata.deletionTimestamp !== undefined;
    if (isEnding) return;
    const [, container = ''] = /\{(.+)\}$/.exec(fieldPath) ?? [];
    const where = served ? templateOf(served) : `${kind}/${name}`;
    // Readiness, Liveness or Startup.
    const probe = reason === 'Unhealthy' ? message.split(' ', 1)[0] : '';
    const key = [where, container, reason, probe].join(' ');
    const isNews =
      reason === 'Unhealthy'
        ? this.said.isNews(key, MINUTE)
        : this.said.isNewsAgain(key, RECOVERED);
    if (!isNews) return;
    const words = shortLine(message);
    this.tell({
      object: `${kind.toLowerCase()}/${name}`,
      reason,
      message: container === '' ? words : `container ${container}: ${words}`,
    });
  }

  private readonly isOld = ({ pod }: ServedPod): boolean =>
    !isSince(podFields(pod).metadata.creationTimestamp, this.since);

  private remember(troubles: readonly Trouble[]): void {
    const lasting = troubles.filter(({ occurrence }) => !occurrence);
    const occurred = troubles.flatMap(({ occurrence }) => occurrence ?? []);
    this.lasting = new Set(lasting.map(({ key }) => key));
    this.occurred = new Set(occurred);
  }

  private isNews({ key, covers, occurrence }: Trouble): boolean {
    const isKnown =
      occurrence === undefined
        ? this.lasting.has(key)
        : this.occurred.has(occurrence);
    if (isKnown) return false;
    for (const each of covers) this.said.note(each);
    return this.said.isNewsAgain(key, RECOVERED);
  }

  private tell(told: Pick<Trouble, 'object' | 'reason' | 'message'>): void {
    const { project, onEvent } = this.parts;
    const { object, reason, message } = told;
    onEvent({ type: 'event', project, object, reason, message });
  }
}
