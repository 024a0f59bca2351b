import { setMaxListeners } from 'node:events';
import { followLog, type Cluster } from '../../cluster';
import type { ServedPod } from '../../deploy';
import { hasCode } from '../../report';
import type { OnEvent } from '../events';
import {
  containersOf,
  hasStarted,
  isSince,
  podFields,
  statusesOf,
  type ContainerStatus,
  type PodFields,
} from './pod-fields';

/**
 * Which logs are shown: of no pod; of those that have started since serve did, or
 * whose image has changed since; of all.
 */
export type LogsOption = 'none' | 'changed' | 'all';

export interface PodLogsParts {
  readonly project: string;
  readonly cluster: Pick<Cluster, 'connection'>;
  readonly logs: LogsOption;
  readonly onEvent: OnEvent;
  /** When serve began, milliseconds of the epoch. Default: now. */
  readonly since?: number;
}

/** Lines of what ran before. */
const TAIL = 10;

/** A container that had started before serve did. */
interface Before {
  readonly id?: string;
  readonly image?: string;
}

/** Follows the logs of the containers of a project's pods. */
export class PodLogs {
  /** By pod and container. None: no pods have been told of. */
  private before?: ReadonlyMap<string, Before>;
  private readonly followed = new Set<string>();
  private readonly end = new AbortController();
  private readonly following = new Set<Promise<void>>();
  private readonly told = new Set<string>();
  private readonly since: number;

  constructor(private readonly parts: PodLogsParts) {
    this.since = parts.since ?? Date.now();
    // One for each container that is followed.
    setMaxListeners(0, this.end.signal);
  }

  /**
   * The pods, each time that they have changed. Containers that run at the first
   * time are from before, unless they say that they have started since.
   */
  update(pods: readonly ServedPod[]): void {
    if (this.parts.logs === 'none' || this.end.signal.aborted) return;
    const fields = pods.map(({ pod }) => podFields(pod));
    this.before ??= startedIn(fields, this.since);
    const there = new Set<string>();
    for (const pod of fields) {
      for (const status of statusesOf(pod)) {
        const key = keyOf(pod, status);
        there.add(key);
        if (this.followed.has(key) || !hasStarted(status)) continue;
        const how = this.wanted(pod, status, this.before.get(key));
        if (!how) continue;
        this.followed.add(key);
        this.follow(pod, status.name, how);
      }
    }
    for (const key of this.followed) {
      if (!there.has(key)) this.followed.delete(key);
    }
  }

  /** Resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.end.abort();
    await Promise.all(this.following);
  }

  /** @returns from where on; undefined: it is not */
  private wanted(
    pod: PodFields,
    { name, containerID }: ContainerStatus,
    before: Before | undefined,
  ): { readonly tail?: number; readonly after?: string } | undefined {
    if (!before) return {};
    if (this.parts.logs === 'all') return { tail: TAIL };
    const isAnother =
      containerID !== before.id && imageOf(pod, name) !== before.image;
    return isAnother ? { after: before.id } : undefined;
  }

  private follow(
    { metadata: { name: pod, namespace = '', uid } }: PodFields,
    container: string,
    how: { readonly tail?: number; readonly after?: string },
  ): void {
    const { project, cluster, onEvent } = this.parts;
    const place = { namespace, pod, container };
    const { signal } = this.end;
    const following = followLog(cluster, {
      ...{ ...place, ...how, uid, signal },
      onLine: (line) => onEvent({ type: 'log', project, ...place, line }),
    })
      .catch((error: unknown) => this.tell(error))
      .finally(() => this.following.delete(following));
    this.following.add(following);
  }

  /** Once for all pods: what one may not, none may. */
  private tell(error: unknown): void {
    if (!hasCode(error, ...ENDS)) throw error;
    if (this.told.has(error.code)) return;
    this.told.add(error.code);
    const { project, onEvent } = this.parts;
    onEvent({
      type: 'message',
      level: 'warning',
      project,
      text: `logs are not followed: ${error.message}${error.hint ? ` ${error.hint}` : ''}`,
    });
  }
}

/** What ends a log that could go on. */
const ENDS = [
  'SLIPWAY_E_CLUSTER_REFUSED',
  'SLIPWAY_E_CONTEXT_NOT_ALLOWED',
  'SLIPWAY_E_KUBECONFIG',
] as const;

function startedIn(
  pods: readonly PodFields[],
  since: number,
): Map<string, Before> {
  return new Map(
    pods.flatMap((pod) =>
      statusesOf(pod)
        .filter(hasStarted)
        .filter(({ state: { running, terminated } = {} }) => {
          const { startedAt } = running ?? terminated ?? {};
          return !isSince(startedAt, since);
        })
        .map((status): [string, Before] => [
          keyOf(pod, status),
          { id: newestId(status), image: imageOf(pod, status.name) },
        ]),
    ),
  );
}

/** While it waits, the ID that there is is that of the one before. */
function newestId({ containerID, lastState }: ContainerStatus) {
  return containerID || lastState?.terminated?.containerID;
}

function imageOf(pod: PodFields, name: string): string | undefined {
  return containersOf(pod).find((each) => each.name === name)?.image;
}

function keyOf({ metadata }: PodFields, { name }: { readonly name: string }) {
  return `${metadata.uid}/${name}`;
}
