import { applyAll, takesItselfAway, type ApplyContext } from '../apply';
import type { Target } from '../desired';
import type { LiveObject } from '../live';
import { passOver } from '../pass';
import { prepareNamespaces } from '../prepare-namespaces';
import type { Readiness } from '../readiness';
import type { DeployOptions, ObjectReport } from '../types';
import { DELETED, driftOf, isOlder } from './drift';
import type { DriftWatch } from './drift-watch';
import type { Following } from './following';
import type { ServedLease } from './lease';
import type { Memory } from './memory';
import { changedIn, isSameSet, isSentAlone, type Plan } from './plan';
import type { ServeDeploySystems } from './types';

export interface PassesParts {
  readonly options: DeployOptions;
  readonly systems: ServeDeploySystems;
  readonly lease: ServedLease;
  readonly memory: Memory;
  readonly following: Following;
  readonly readiness: Readiness;
  readonly drift: DriftWatch;
}

export interface Done {
  readonly pass: 'full' | 'quick';
  readonly objects: readonly ObjectReport[];
}

/** The passes over a served set, one after the other. */
export class Passes {
  /** All that the set has, as far as it is known to the API. */
  targets: readonly Target[] = [];
  /** What the set had in the last pass; none: that has failed. */
  private keys?: ReadonlySet<string>;
  /** Whether what is gone from the set was pruned. */
  private hasPruned = false;

  constructor(private readonly parts: PassesParts) {}

  /** It is applied now. */
  readonly noteApplied = (object: LiveObject, target: Target) => {
    const { memory, readiness } = this.parts;
    // What stays as it is, is ready already or still waited for.
    if (!memory.isAsBefore(target, object)) readiness.expect(object);
    memory.note(target, object);
  };

  /** @throws as deploySet */
  async run(plan: Plan): Promise<Done> {
    const { readiness } = this.parts;
    const pass = this.mayBeQuick(plan) ? 'quick' : 'full';
    this.keys = undefined;
    await readiness.begin((key) => plan.keys.has(key));
    const objects =
      pass === 'quick' ? await this.send(plan) : await this.lookAtAll(plan);
    this.keys = new Set(this.targets.map(({ key }) => key));
    return { pass, objects };
  }

  private mayBeQuick(plan: Plan): boolean {
    const { keys, hasPruned } = this;
    const { memory, drift, lease } = this.parts;
    if (!keys || lease.isToTake || !isSameSet(plan, keys, memory)) return false;
    if (!hasPruned && plan.blocked.size === 0) return false;
    return changedIn(plan, memory).every((target) => {
      const applied = memory.get(target.key);
      return isSentAlone(target) && applied && !drift.isDrifted(applied);
    });
  }

  /** What has changed, one request for each. */
  private async send(plan: Plan): Promise<readonly ObjectReport[]> {
    const targets = changedIn(plan, this.parts.memory);
    if (targets.length === 0) return [];
    const live = new Map(
      targets.flatMap((target) => {
        const known = this.newestOf(target);
        return known ? [[target.key, known] as const] : [];
      }),
    );
    const onApplied = this.noteApplied;
    const { place } = plan.wanted;
    const outcomes = await applyAll(
      { targets, later: [], live, place, onApplied },
      await this.context(plan),
    );
    return outcomes.map(({ report }) => report);
  }

  /** As deploySet does, but that the set may be held already. */
  private async lookAtAll(plan: Plan): Promise<readonly ObjectReport[]> {
    const { memory, following, lease, options, systems } = this.parts;
    const { wanted, blocked } = plan;
    const { made, fresh } = await prepareNamespaces(wanted, options, systems);
    await lease.check();
    // With the namespace of the set it goes, too: nothing is there any more.
    if (lease.isToTake) memory.clear();
    memory.forgetIn(fresh);
    const all = new Map(wanted.targets.map((each) => [each.key, each]));
    const objects = await passOver(
      {
        ...{ wanted, made },
        leave: (live) => this.leftAlone(plan, live),
        follow: () => following.follow(wanted.targets),
        onApplied: (object, target) => {
          all.set(target.key, target);
          this.noteApplied(object, target);
        },
      },
      await this.context(plan),
    );
    this.targets = [...all.values()];
    // Of kinds that came with the set, too.
    await following.follow(this.targets);
    memory.keep(new Set(all.keys()));
    for (const target of wanted.targets) {
      const isFinished = !blocked.has(target.key) && !memory.get(target.key);
      if (isFinished) memory.note(target);
    }
    this.hasPruned = blocked.size === 0;
    return objects;
  }

  private async context({ wanted, blocked }: Plan): Promise<ApplyContext> {
    const { options, systems, lease, memory } = this.parts;
    return {
      // What is gone may be what a blocked object is to come in the place of.
      options: { ...options, prune: options.prune && blocked.size === 0 },
      systems,
      held: await lease.hold(wanted.place),
      isLocal: options.isLocal ?? systems.cluster.isLocal,
      overrules: (target, conflicts) => memory.hadAll(target, conflicts),
    };
  }

  /** What is blocked, and what others have changed since, and nobody here. */
  private leftAlone(
    { wanted, blocked }: Plan,
    live: ReadonlyMap<string, LiveObject>,
  ): ReadonlySet<string> {
    const { memory, drift } = this.parts;
    const left = new Set(blocked);
    for (const target of wanted.targets) {
      const applied = memory.get(target.key);
      const isKnown = applied?.object && !takesItselfAway(target);
      if (!isKnown || blocked.has(target.key)) continue;
      const now = live.get(target.key);
      const { object } = applied.target;
      const found = now ? driftOf(object, applied.object, now) : DELETED;
      drift.note(applied, found);
      if (found && !memory.isChanged(target)) left.add(target.key);
    }
    return left;
  }

  /** The watch may be ahead of what was answered, or behind. */
  private newestOf(target: Target): LiveObject | undefined {
    const answered = this.parts.memory.get(target.key)?.object;
    const seen = this.parts.following.find(target);
    if (!answered || !seen || isOlder(seen, answered)) return answered;
    return seen;
  }
}
