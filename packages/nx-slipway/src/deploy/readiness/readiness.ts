import type { ApiResource } from '../../cluster';
import type { KubeObject } from '../../manifest';
import { SlipwayError, formatDuration } from '../../report';
import type { LiveObject } from '../live';
import { inWords } from '../object-name';
import type { DeploySystems } from '../types';
import { detailsOf } from './details';
import { hasReadiness, judge } from './judge';
import { ownPods, type Related } from './own-pods';
import { stateOf, troubleOf, type PodTrouble } from './pod-trouble';
import { isObserved, type Verdict } from './status';
import { Watches } from './watches';

/** One object that was waited for. */
export interface ReadyObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** From when it was applied, in milliseconds. */
  readonly ms: number;
  readonly note?: string;
}

export interface ReadyReport {
  readonly objects: readonly ReadyObject[];
}

export interface Readiness {
  /** An object is applied, as the server answered it. */
  expect(applied: KubeObject): void;
  /**
   * Until all that is expected is ready.
   * @param timeoutMs from now
   * @throws SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.request
   */
  wait(timeoutMs: number): Promise<ReadyReport>;
  close(): void;
}

/** What may pass by itself counts when it has lasted so long, milliseconds. */
const PATIENCE_MS = 10_000;
/** Between two looks at what only time changes. */
const TICK_MS = 500;
/** Between two words about what is waited for. */
const WORD_MS = 5000;
/** How many objects one word tells of. */
const MAX_TOLD = 5;

const core = (kind: string, plural: string): ApiResource => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced: true,
});
const PODS = core('Pod', 'pods');
const REPLICA_SETS: ApiResource = {
  ...core('ReplicaSet', 'replicasets'),
  group: 'apps',
};
const WITH_PODS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'Pod',
];

interface Expected {
  readonly applied: LiveObject;
  readonly resource: ApiResource;
  readonly since: number;
  ready?: ReadyObject;
}

/** What keeps an object from being ready. */
interface Waiting {
  readonly expected: Expected;
  readonly live?: LiveObject;
  readonly verdict: Verdict;
  readonly trouble?: PodTrouble;
}

/**
 * Opens the watches that tell when objects are ready: before they are applied,
 * so that nothing between is missed.
 * @param objects with their namespaces
 */
export async function openReadiness(
  objects: readonly KubeObject[],
  systems: DeploySystems,
): Promise<Readiness> {
  const watching = new Watching(systems);
  await Promise.all(objects.map((object) => watching.prepare(object)));
  return watching;
}

class Watching implements Readiness {
  private readonly expected: Expected[] = [];
  private readonly pending: Promise<void>[] = [];
  private readonly watches: Watches;
  /** When a trouble that may pass was first seen. */
  private readonly troubled = new Map<string, number>();
  private look: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;

  constructor(private readonly systems: DeploySystems) {
    this.watches = new Watches({
      ...systems,
      onChange: () => this.look(),
      onError: (error) => this.fail(error),
    });
  }

  /** Of a kind that is still to come, nothing can be watched yet. */
  async prepare(object: KubeObject): Promise<ApiResource | undefined> {
    if (!hasReadiness(object)) return undefined;
    const { apiVersion, kind, metadata } = object;
    const resource = await this.systems.cluster.resource(apiVersion, kind);
    if (!resource) return undefined;
    const { namespace } = metadata;
    const place = resource.namespaced ? namespace : undefined;
    const follows = [this.watches.follow(resource, place)];
    if (WITH_PODS.includes(kind))
      follows.push(this.watches.follow(PODS, place));
    if (kind === 'Deployment') {
      follows.push(this.watches.follow(REPLICA_SETS, place));
    }
    const [isFollowed] = await Promise.all(follows);
    return isFollowed ? resource : undefined;
  }

  expect(applied: KubeObject): void {
    if (!hasReadiness(applied)) return;
    const since = this.systems.now();
    const preparing = this.prepare(applied).then((resource) => {
      if (!resource) return;
      this.expected.push({ applied, resource, since });
      this.look();
    });
    // What goes wrong is told by wait.
    preparing.catch(() => undefined);
    this.pending.push(preparing);
  }

  async wait(timeoutMs: number): Promise<ReadyReport> {
    const { now, signal } = this.systems;
    await Promise.all(this.pending);
    const start = now();
    const timers: NodeJS.Timeout[] = [];
    const end: (() => void)[] = [];
    try {
      return await new Promise<ReadyReport>((resolve, reject) => {
        let isOver = false;
        const over = (finish: () => void) => {
          if (isOver) return;
          isOver = true;
          finish();
        };
        this.fail = (error) => over(() => reject(error as Error));
        this.look = () => {
          if (isOver) return;
          const waiting = this.waiting();
          const failed = waiting.filter((each) => this.isHopeless(each));
          const isLate = now() - start >= timeoutMs;
          if (waiting.length === 0) {
            over(() => resolve({ objects: this.ready() }));
          } else if (failed.length > 0 || isLate) {
            const told = failed.length > 0 ? failed : waiting;
            const how = failed.length > 0 ? undefined : timeoutMs;
            over(() => {
              this.errorOf(told, how).then(reject, reject);
            });
          }
        };
        const onAbort = () =>
          this.fail(
            new SlipwayError({
              code: 'SLIPWAY_E_CANCELLED',
              message: 'cancelled, waiting for what was applied to be ready.',
              hint: 'All is applied; the next run waits again.',
            }),
          );
        signal.addEventListener('abort', onAbort, { once: true });
        end.push(() => signal.removeEventListener('abort', onAbort));
        timers.push(setInterval(() => this.look(), TICK_MS));
        timers.push(setInterval(() => this.tell(), WORD_MS));
        if (signal.aborted) onAbort();
        this.look();
      });
    } finally {
      for (const timer of timers) clearInterval(timer);
      for (const each of end) each();
      this.look = () => undefined;
    }
  }

  close(): void {
    this.watches.close();
  }

  private ready(): ReadyObject[] {
    return this.expected.flatMap(({ ready }) => ready ?? []);
  }

  /** What is not ready; what is so is ready for good. */
  private waiting(): Waiting[] {
    return this.expected.flatMap((expected): Waiting[] => {
      if (expected.ready) return [];
      const { applied, resource, since } = expected;
      const { namespace, name, uid, generation = 0 } = applied.metadata;
      const place = resource.namespaced ? namespace : undefined;
      const live = this.watches.find(resource, place, name);
      const isSeen =
        live?.metadata.uid === uid &&
        (live?.metadata.generation ?? 0) >= generation;
      if (!live || !isSeen) {
        const reason = 'it has not been seen since it was applied';
        return [{ expected, verdict: { state: 'waiting', reason } }];
      }
      const verdict = judge(live);
      if (verdict.state === 'ready') {
        const ms = Math.round(this.systems.now() - since);
        const { note } = verdict;
        const { kind } = applied;
        expected.ready = { kind, namespace, name, ms, ...(note && { note }) };
        return [];
      }
      return [{ expected, live, verdict, trouble: this.trouble(live) }];
    });
  }

  /** Of pods of the newest template alone: those before are on their way out. */
  private trouble(live: LiveObject): PodTrouble | undefined {
    if (!WITH_PODS.includes(live.kind) || !isObserved(live)) return undefined;
    const troubles = ownPods(live, this.related(live)).flatMap(
      (pod) => troubleOf(pod, live.kind === 'Job') ?? [],
    );
    return troubles.find(({ mayPass }) => !mayPass) ?? troubles[0];
  }

  private related({ metadata: { namespace } }: LiveObject): Related {
    return {
      pods: this.watches.all(PODS, namespace),
      replicaSets: this.watches.all(REPLICA_SETS, namespace),
    };
  }

  private isHopeless({ verdict, trouble }: Waiting): boolean {
    if (verdict.state === 'failed') return true;
    if (!trouble) return false;
    if (!trouble.mayPass) return true;
    const { pod, container, reason } = trouble;
    const key = `${pod.metadata.uid} ${container} ${reason.split(':')[0]}`;
    const now = this.systems.now();
    const since = this.troubled.get(key) ?? now;
    this.troubled.set(key, since);
    return now - since >= PATIENCE_MS;
  }

  private tell(): void {
    const waiting = this.waiting();
    for (const each of waiting.slice(0, MAX_TOLD)) {
      this.systems.reporter.info(`waiting for ${this.lineOf(each)}`);
    }
    const more = waiting.length - MAX_TOLD;
    if (more > 0) this.systems.reporter.info(`and for ${more} more`);
  }

  private lineOf({ expected, live, verdict, trouble }: Waiting): string {
    const { applied } = expected;
    const { name, namespace } = applied.metadata;
    const what = inWords({ kind: applied.kind, name, namespace });
    if (trouble) {
      const where =
        trouble.container === undefined
          ? ''
          : `, container ${trouble.container}`;
      return `${what}: pod ${trouble.pod.metadata.name}${where}: ${trouble.reason}`;
    }
    const pods = live ? ownPods(live, this.related(live)) : [];
    const state = pods.flatMap((pod) => {
      const found = stateOf(pod);
      return found ? [`${pod.metadata.name}: ${found}`] : [];
    })[0];
    return `${what}: ${verdict.reason ?? ''}${state ? `; ${state}` : ''}`;
  }

  private async errorOf(
    told: readonly Waiting[],
    timeout: number | undefined,
  ): Promise<SlipwayError> {
    const parts = await Promise.all(
      told.map(async (each) => {
        const about = each.live ?? each.expected.applied;
        const silent = this.silentPod(each);
        const details = await detailsOf(
          about,
          each.trouble ?? silent,
          this.systems.cluster,
        );
        return [this.lineOf(each), ...details.map((line) => `  ${line}`)];
      }),
    );
    const lines = parts.flat().map((line) => `  ${line}`);
    const lead =
      timeout === undefined
        ? `${told.length} of ${this.expected.length} objects cannot become ready`
        : `${told.length} of ${this.expected.length} objects are not ready after ${formatDuration(timeout)}`;
    return new SlipwayError({
      code: 'SLIPWAY_E_NOT_READY',
      message: `${lead}:\n${lines.join('\n')}`,
      hint:
        timeout === undefined
          ? 'All is applied, and nothing was pruned. Mend the cause and deploy again.'
          : 'All is applied, and nothing was pruned. `--timeout` waits longer, `--no-wait` not at all.',
    });
  }

  /** A pod whose probe fails is in no trouble that is told of; its words help. */
  private silentPod({ live }: Waiting): PodTrouble | undefined {
    const pods = live ? ownPods(live, this.related(live)) : [];
    const pod = pods.find((each) => stateOf(each) !== undefined);
    const container = pod && /container (\S+)/.exec(stateOf(pod) ?? '')?.[1];
    return (
      pod && { pod, container, reason: '', mayPass: true, hasCrashed: false }
    );
  }
}
