import type { KubeObject } from '../../manifest';
import type { LiveObject } from '../live';
import { groupOf, keyOf } from '../object-name';
import type { DeploySystems } from '../types';
import {
  EVENTS,
  PODS,
  REPLICA_SETS,
  Watches,
  realTimers,
  type Timers,
} from '../watches';
import { Assessment } from './assess';
import { bindsAtOnce } from './claim-class';
import { tellsByEvents } from './controller-trouble';
import type { Advice } from './describe';
import {
  hasPods,
  type Expected,
  type ReadyObject,
  type Replaced,
} from './expected';
import { hasReadiness } from './judge';
import type { Related } from './own-pods';
import { Views } from './seen';
import { Wait } from './wait';

export interface ReadyReport {
  readonly objects: readonly ReadyObject[];
}

export interface ReadinessParts {
  readonly watches: Watches;
  /** By which query the watches find what is applied. None: all objects. */
  readonly members?: string;
  readonly advice: Advice;
  readonly systems: DeploySystems;
  readonly timers: Timers;
}

const AFTER_DEPLOY: Advice = {
  lost: 'All is applied, and nothing was pruned. Mend the cause and deploy again.',
  late: 'All is applied, and nothing was pruned. `--timeout` waits longer, `--no-wait` not at all.',
};

/**
 * Opens the watches that tell when objects are ready: before they are applied,
 * so that nothing between is missed.
 * @param objects with their namespaces
 * @throws as Cluster.request
 */
export async function openReadiness(
  objects: readonly KubeObject[],
  systems: DeploySystems,
  timers: Timers = realTimers,
): Promise<Readiness> {
  const watches = new Watches({ ...systems, timers });
  const advice = AFTER_DEPLOY;
  const readiness = new Readiness({ watches, advice, systems, timers });
  try {
    await Promise.all(objects.map((object) => readiness.follow(object)));
  } catch (error) {
    watches.close();
    throw error;
  }
  return readiness;
}

interface RenewedWorkload {
  readonly object: LiveObject;
  readonly deleted?: {
    readonly pods: readonly LiveObject[];
    readonly all: readonly LiveObject[];
  };
}

/** Knows of what was applied when it is ready, by watches that it shares. */
export class Readiness {
  private expected: Expected[] = [];
  private following: Promise<void>[] = [];
  private readonly views: Views;
  private readonly assessment: Assessment;
  private readonly waits = new Set<Wait>();
  /** What a watch ended with. */
  private fault?: Error;

  constructor(private readonly parts: ReadinessParts) {
    const { watches, members, systems } = parts;
    this.views = new Views(watches, members);
    this.assessment = new Assessment(this.views, systems.now);
    watches.listen({
      onChange: () => this.look(),
      onFault: (error) => {
        this.fault ??= error;
        this.look();
      },
    });
  }

  /** What there is nothing to see of is ready when it exists. */
  async follow(object: KubeObject) {
    if (!hasReadiness(object)) return undefined;
    const { watches, systems } = this.parts;
    const { apiVersion, kind, metadata } = object;
    const resource = await systems.cluster.resource(apiVersion, kind);
    if (!resource) return undefined;
    const place = resource.namespaced ? metadata.namespace : undefined;
    const related = [
      ...(hasPods(object) ? [PODS] : []),
      ...(kind === 'Deployment' ? [REPLICA_SETS] : []),
      ...(tellsByEvents(object) ? [EVENTS] : []),
    ].map((each) => this.views.related(each, place));
    const collections = [this.views.applied(resource, place), ...related];
    await Promise.all(collections.map((each) => watches.follow(each)));
    return resource;
  }

  /**
   * Objects are applied anew: what is ready is waited for no more.
   * @param isKept whether it is still waited for, by its key
   */
  async begin(isKept: (key: string) => boolean): Promise<void> {
    // What went wrong was told by the wait, or nobody has asked.
    await Promise.allSettled(this.following);
    this.following = [];
    this.fault = undefined;
    this.expected = this.expected.filter(
      ({ ready, applied }) => !ready && isKept(keyOfApplied(applied)),
    );
    for (const each of this.expected) each.isOld = true;
  }

  /** What there is of pods, and of what makes them, as it was last seen. */
  readonly relatedIn = (namespace: string | undefined): Related =>
    this.assessment.relatedIn(namespace);

  /**
   * A workload gets new pods: it is waited for anew.
   * @param deleted pods of it that are, and all that it has; none: it rolls out
   */
  renewed({ object, deleted }: RenewedWorkload): void {
    this.expect(
      object,
      deleted && {
        count: deleted.pods.length,
        before: new Set(deleted.all.map(({ metadata }) => metadata.uid)),
      },
    );
  }

  /** An object is applied, as the server answered it. */
  expect(applied: KubeObject, replaced?: Replaced): void {
    if (!hasReadiness(applied)) return;
    const { cluster, now } = this.parts.systems;
    const since = now();
    const following = Promise.all([
      this.follow(applied),
      bindsAtOnce(applied, cluster),
    ]).then(([resource, isBoundAtOnce]) => {
      if (!resource) return;
      const key = keyOfApplied(applied);
      const others = this.expected.filter(
        (each) => keyOfApplied(each.applied) !== key,
      );
      const expected = { applied, resource, since, isBoundAtOnce, replaced };
      this.expected = [...others, expected];
    });
    // What goes wrong is told by wait.
    following.catch(() => undefined);
    this.following.push(following);
  }

  /**
   * Until all that is expected is ready.
   * @param timeoutMs from now
   * @param signal ends this wait alone
   * @throws SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.request
   */
  async wait(
    timeoutMs: number,
    signal = this.parts.systems.signal,
  ): Promise<ReadyReport> {
    await Promise.all(this.following);
    const wait = new Wait(
      {
        ...this.parts,
        assessment: this.assessment,
        expected: () => this.expected,
        fault: () => this.fault,
      },
      timeoutMs,
    );
    this.waits.add(wait);
    try {
      await wait.run(signal);
      return { objects: this.expected.flatMap(({ ready }) => ready ?? []) };
    } finally {
      this.waits.delete(wait);
    }
  }

  /** The watches, too. */
  close(): void {
    this.parts.watches.close();
  }

  private look(): void {
    for (const wait of this.waits) wait.look();
    // Even before the wait: a Job that has ended may be taken away at once.
    if (this.waits.size === 0) this.assessment.waiting(this.expected);
  }
}

function keyOfApplied({ apiVersion, kind, metadata }: KubeObject): string {
  const { namespace, name } = metadata;
  return keyOf({ group: groupOf(apiVersion), kind, namespace, name });
}
