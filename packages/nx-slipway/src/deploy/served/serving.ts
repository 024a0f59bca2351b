import { setTimeout as sleep } from 'node:timers/promises';
import { assertKnown } from '../desired';
import { inventoryPlace } from '../inventory';
import type { LiveObject } from '../live';
import { Readiness } from '../readiness';
import type { DeployOptions, SetId } from '../types';
import { realTimers } from '../watches';
import { DriftWatch } from './drift-watch';
import { EventFeed } from './event-feed';
import { Following } from './following';
import { ServedLease } from './lease';
import { Memory } from './memory';
import { Passes } from './passes';
import { planPass } from './plan';
import { PodFeed } from './pod-feed';
import { Replacement } from './replacement';
import type {
  AppliedSet,
  ServeDeployOptions,
  ServeDeploySystems,
  ServedObject,
  ServedPod,
  ServedSet,
} from './types';

export interface ServedSetId {
  readonly id: SetId;
  /** Where objects go that name none, and where the inventory stands. */
  readonly namespace: string;
}

/** Milliseconds: an end does not wait for a cluster that does not answer. */
const CLOSE_MS = 1400;
const ADVICE = {
  lost: 'All is applied. Mend the cause and save again.',
  late: 'All is applied, and may become ready yet. The option `timeout` waits longer.',
};

/** The parts of a set that is served, and what goes on between them. */
export class Serving implements ServedSet {
  private readonly options: DeployOptions;
  private readonly lease: ServedLease;
  private readonly following: Following;
  private readonly readiness: Readiness;
  private readonly drift: DriftWatch;
  private readonly passes: Passes;
  private readonly pods: PodFeed;
  private readonly events: EventFeed;
  private readonly replacement: Replacement;
  private looking?: NodeJS.Immediate;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly set: ServedSetId,
    options: ServeDeployOptions,
    private readonly systems: ServeDeploySystems,
  ) {
    const { cluster, onDrift, now } = systems;
    const { setId } = inventoryPlace(set.id, set.namespace);
    const timers = realTimers;
    const memory = new Memory();
    this.options = { ...options, wait: false, rerun: [] };
    this.lease = new ServedLease(options.takeover, systems);
    this.following = new Following(setId, systems, timers);
    const { following, lease } = this;
    const { watches, members } = following;
    const advice = ADVICE;
    this.readiness = new Readiness({
      ...{ watches, members, advice, systems, timers },
    });
    this.drift = new DriftWatch({ memory, following, cluster, onDrift });
    const { readiness, drift } = this;
    const parts = {
      ...{ options: this.options, systems, lease, memory },
      ...{ following, readiness },
    };
    this.passes = new Passes({ ...parts, drift });
    const { noteApplied } = this.passes;
    const targets = () => this.passes.targets;
    this.replacement = new Replacement({ ...parts, targets, noteApplied });
    this.pods = new PodFeed(following, memory, targets);
    this.events = new EventFeed(following, targets, now);
    watches.listen({
      onChange: () => this.lookSoon(),
      onFault: () => this.lookSoon(),
    });
  }

  async claim(): Promise<void> {
    const { id, namespace } = this.set;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    // In one that is not there yet nobody has the set.
    if (!(await this.systems.cluster.getIfPermitted(path))) return;
    await this.lease.hold(inventoryPlace(id, namespace));
  }

  async apply(objects: readonly ServedObject[]): Promise<AppliedSet> {
    const { set, options, systems, readiness } = this;
    this.lease.assertNotLost();
    const plan = await planPass(set, objects, options, systems);
    assertKnown(plan.wanted.unknown, systems.cluster);
    const done = await this.write(() => this.passes.run(plan));
    return {
      ...done,
      ready: (signal, timeoutMs) => readiness.wait(timeoutMs, signal),
    };
  }

  async replacePods(pods: readonly ServedPod[]): Promise<void> {
    const { id, namespace } = this.set;
    this.lease.assertNotLost();
    const place = inventoryPlace(id, namespace);
    await this.write(() => this.replacement.replace(pods, place));
  }

  followPods(onPods: (pods: readonly ServedPod[]) => void): () => void {
    return this.pods.listen(onPods);
  }

  followEvents(onEvent: (event: LiveObject) => void): () => void {
    this.following.followEvents();
    return this.events.listen(onEvent);
  }

  async close(): Promise<void> {
    clearImmediate(this.looking);
    this.following.close();
    const inTime = new AbortController();
    const { signal } = inTime;
    const limit = sleep(CLOSE_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([this.lease.release(), limit]);
    inTime.abort();
  }

  /** One after the other. What we write is no drift. */
  private async write<T>(work: () => Promise<T>): Promise<T> {
    const { drift } = this;
    const writing = this.writing.then(async () => {
      drift.look();
      drift.rest();
      try {
        return await work();
      } finally {
        drift.goOn();
        this.lookSoon();
      }
    });
    this.writing = writing.catch(() => undefined);
    return writing;
  }

  /** All changes of one turn are looked at together. */
  private lookSoon(): void {
    this.looking ??= setImmediate(() => {
      this.looking = undefined;
      // What a new holder writes is no drift.
      if (!this.lease.isLost) this.drift.look();
      this.pods.look();
      this.events.look();
    });
  }
}
