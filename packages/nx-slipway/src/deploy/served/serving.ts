import { setTimeout as sleep } from 'node:timers/promises';
import { applyAll, takesItselfAway, type ApplyContext } from '../apply';
import { assertKnown, type Target } from '../desired';
import { inventoryPlace } from '../inventory';
import type { LiveObject } from '../live';
import { passOver } from '../pass';
import { prepareNamespaces } from '../prepare-namespaces';
import { Readiness } from '../readiness';
import type { DeployOptions, ObjectReport, SetId } from '../types';
import { realTimers } from '../watches';
import { DELETED, driftOf, isOlder } from './drift';
import { DriftWatch } from './drift-watch';
import { EventFeed } from './event-feed';
import { Following } from './following';
import { ServedLease } from './lease';
import { Memory } from './memory';
import { changedIn, isSameSet, isSentAlone, planPass, type Plan } from './plan';
import { PodFeed } from './pod-feed';
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

export class Serving implements ServedSet {
  private readonly options: DeployOptions;
  private readonly lease: ServedLease;
  private readonly memory = new Memory();
  private readonly following: Following;
  private readonly readiness: Readiness;
  private readonly drift: DriftWatch;
  private readonly pods: PodFeed;
  private readonly events: EventFeed;
  /** All that the set had in the last pass that did not fail. */
  private keys?: ReadonlySet<string>;
  /** Whether what is gone from the set was pruned. */
  private hasPruned = false;
  private targets: readonly Target[] = [];
  private looking?: NodeJS.Immediate;

  constructor(
    private readonly set: ServedSetId,
    options: ServeDeployOptions,
    private readonly systems: ServeDeploySystems,
  ) {
    const { cluster, onDrift, now } = systems;
    const { setId } = inventoryPlace(set.id, set.namespace);
    const timers = realTimers;
    this.options = { ...options, wait: false, rerun: [] };
    this.lease = new ServedLease(options.takeover, systems);
    this.following = new Following(setId, systems, timers);
    const { memory, following } = this;
    const { watches, members } = following;
    this.readiness = new Readiness({
      ...{ watches, members, systems, timers },
      advice: ADVICE,
    });
    this.drift = new DriftWatch({ memory, following, cluster, onDrift });
    const targets = () => this.targets;
    this.pods = new PodFeed(following, memory, targets);
    this.events = new EventFeed(following, targets, now);
    watches.listen({
      onChange: () => this.lookSoon(),
      onFault: () => this.lookSoon(),
    });
  }

  async apply(objects: readonly ServedObject[]): Promise<AppliedSet> {
    this.lease.assertNotLost();
    const { set, options, systems, readiness } = this;
    const plan = await planPass(set, objects, options, systems);
    assertKnown(plan.wanted.unknown, systems.cluster);
    this.drift.look();
    const pass = this.mayBeQuick(plan) ? 'quick' : 'full';
    this.drift.rest();
    try {
      await readiness.begin((key) => plan.keys.has(key));
      const done =
        pass === 'quick' ? await this.send(plan) : await this.passOver(plan);
      this.keys = plan.keys;
      return {
        objects: done,
        pass,
        ready: (signal, timeoutMs) => readiness.wait(timeoutMs, signal),
      };
    } catch (error) {
      this.keys = undefined;
      throw error;
    } finally {
      this.lookSoon();
      this.drift.goOn();
    }
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
    const late = new AbortController();
    const isLate = sleep(CLOSE_MS, undefined, { signal: late.signal });
    try {
      await Promise.race([this.lease.release(), isLate.catch(() => undefined)]);
    } finally {
      late.abort();
    }
  }

  private mayBeQuick(plan: Plan): boolean {
    const { keys, memory, drift, lease } = this;
    if (!keys || lease.isToTake || !isSameSet(plan, keys, memory)) return false;
    if (!this.hasPruned && plan.blocked.size === 0) return false;
    return changedIn(plan, memory).every((target) => {
      const applied = memory.get(target.key);
      return isSentAlone(target) && applied && !drift.isDrifted(applied);
    });
  }

  /** Sends what has changed, one request for each. */
  private async send(plan: Plan): Promise<readonly ObjectReport[]> {
    const targets = changedIn(plan, this.memory);
    if (targets.length === 0) return [];
    const { place } = plan.wanted;
    const context = await this.context(plan);
    const live = new Map(
      targets.flatMap((target) => {
        const known = this.newestOf(target);
        return known ? [[target.key, known] as const] : [];
      }),
    );
    const outcomes = await applyAll(
      {
        ...{ targets, later: [], live, place },
        onApplied: (object, target) => this.noteApplied(object, target),
      },
      context,
    );
    return outcomes.map(({ report }) => report);
  }

  /** As deploySet does, but that the set is held already. */
  private async passOver(plan: Plan): Promise<readonly ObjectReport[]> {
    const { memory, following, options, systems } = this;
    const { wanted, blocked } = plan;
    const made = await prepareNamespaces(wanted, options, systems);
    // With the namespace of the set it went, too: nothing is there any more.
    if (this.lease.isToTake) memory.clear();
    const context = await this.context(plan);
    const applied = new Map(wanted.targets.map((each) => [each.key, each]));
    const objects = await passOver(
      {
        ...{ wanted, made },
        leave: (live) => this.leftAlone(plan, live),
        follow: () => following.follow(wanted.targets),
        onApplied: (object, target) => {
          applied.set(target.key, target);
          this.noteApplied(object, target);
        },
      },
      context,
    );
    this.targets = [...applied.values()];
    // Of kinds that came with the set, too.
    await following.follow(this.targets);
    memory.keep(new Set(applied.keys()));
    for (const target of wanted.targets) {
      const isFinished = !blocked.has(target.key) && !memory.get(target.key);
      if (isFinished) memory.note(target);
    }
    this.hasPruned = blocked.size === 0;
    return objects;
  }

  private async context({ wanted, blocked }: Plan): Promise<ApplyContext> {
    const { options, systems } = this;
    return {
      // What is gone may be what a blocked object is to come in the place of.
      options: { ...options, prune: options.prune && blocked.size === 0 },
      systems,
      held: await this.lease.hold(wanted.place),
      isLocal: options.isLocal ?? systems.cluster.isLocal,
      overrules: (target, conflicts) => this.memory.hadAll(target, conflicts),
    };
  }

  /** What is blocked, and what others have changed, and we have not. */
  private leftAlone(
    { wanted, blocked }: Plan,
    live: ReadonlyMap<string, LiveObject>,
  ): ReadonlySet<string> {
    const { memory } = this;
    const left = new Set(blocked);
    for (const target of wanted.targets) {
      const applied = memory.get(target.key);
      const isKnown = applied?.object && !takesItselfAway(target);
      if (!isKnown || blocked.has(target.key)) continue;
      const now = live.get(target.key);
      const { object } = applied.target;
      const drift = now ? driftOf(object, applied.object, now) : DELETED;
      this.drift.note(applied, drift);
      if (drift && !memory.isChanged(target)) left.add(target.key);
    }
    return left;
  }

  private noteApplied(object: LiveObject, target: Target): void {
    this.memory.note(target, object);
    this.readiness.expect(object);
  }

  /** The watch may be ahead of what was answered, or behind. */
  private newestOf(target: Target): LiveObject | undefined {
    const answered = this.memory.get(target.key)?.object;
    const seen = this.following.find(target);
    if (!answered || !seen || isOlder(seen, answered)) return answered;
    return seen;
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
