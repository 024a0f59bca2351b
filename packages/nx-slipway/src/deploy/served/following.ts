import type { Target } from '../desired';
import { labelSelector } from '../inventory';
import { makesPods, type LiveObject } from '../live';
import type { Related } from '../readiness';
import {
  EVENTS,
  JOBS,
  PODS,
  REPLICA_SETS,
  Watches,
  pathOf,
  type Collection,
  type Timers,
} from '../watches';
import type { DeploySystems } from '../types';

/** Before what has ended is opened anew, milliseconds. */
const REVIVE_MS = 10_000;

export interface WithPods {
  readonly target: Target;
  readonly live: LiveObject;
  readonly related: Related;
}

/** What is followed of a served set for as long as it is served. */
export class Following {
  readonly watches: Watches;
  /** By which query the objects of the set are found. */
  readonly members: string;
  private readonly followed = new Map<string, Collection>();
  private namespaces: readonly string[] = [];
  private followsEvents = false;
  private stopReviving = () => undefined as void;
  private told?: string;

  constructor(
    setId: string,
    private readonly systems: DeploySystems,
    private readonly timers: Timers,
  ) {
    this.members = labelSelector('part-of', setId);
    this.watches = new Watches({ ...systems, timers });
    this.watches.listen({
      onChange: () => undefined,
      onFault: (error) => this.reviveLater(error),
    });
  }

  /**
   * Opens what is not open yet.
   * @throws as Cluster.request
   */
  async follow(targets: readonly Target[]): Promise<void> {
    const collections = targets.flatMap((target) => [
      this.membersLike(target),
      ...relatedTo(target),
    ]);
    const namespaces = targets.flatMap(({ namespace }) => namespace ?? []);
    this.namespaces = [...new Set([...this.namespaces, ...namespaces])];
    await this.openAll([...collections, ...this.events()]);
  }

  followEvents(): void {
    this.followsEvents = true;
    this.openAll(this.events()).catch((error: Error) =>
      this.reviveLater(error),
    );
  }

  events(): Collection[] {
    if (!this.followsEvents) return [];
    return this.namespaces.map((namespace) => ({
      resource: EVENTS,
      namespace,
    }));
  }

  /** The objects of the set that are of the kind and in the place of one. */
  membersLike({ resource, namespace }: Target): Collection {
    return { resource, namespace, query: this.members };
  }

  /** As it was last seen. */
  find(target: Target): LiveObject | undefined {
    return this.watches.find(this.membersLike(target), target.name);
  }

  /**
   * Objects of the set that may have pods, as they were last seen, each with what
   * is there beside it.
   */
  withPods(targets: readonly Target[]): WithPods[] {
    const places = new Map<string | undefined, Related>();
    return targets.filter(mayHavePods).flatMap((target) => {
      const live = this.find(target);
      if (!live) return [];
      const { namespace } = target;
      const related = places.get(namespace) ?? this.relatedIn(namespace);
      places.set(namespace, related);
      return [{ target, live, related }];
    });
  }

  private relatedIn(namespace: string | undefined): Related {
    const all = (resource: Collection['resource']) =>
      this.watches.all({ resource, namespace });
    return {
      pods: all(PODS),
      replicaSets: all(REPLICA_SETS),
      jobs: all(JOBS),
    };
  }

  close(): void {
    this.stopReviving();
    this.watches.close();
  }

  private async openAll(collections: readonly Collection[]): Promise<void> {
    for (const each of collections) this.followed.set(pathOf(each), each);
    const due = new Map(collections.map((each) => [pathOf(each), each]));
    await Promise.all(
      [...due.values()].map((each) => this.watches.follow(each)),
    );
  }

  /** A login that has run out is good again when somebody has logged in. */
  private reviveLater(error: Error): void {
    const line = `what becomes of the objects is not seen for now: ${error.message}`;
    if (this.told !== line) this.systems.reporter.warn(line);
    this.told = line;
    this.stopReviving();
    this.stopReviving = this.timers.after(REVIVE_MS, () => {
      this.openAll([...this.followed.values()]).then(
        () => (this.told = undefined),
        (again: Error) => this.reviveLater(again),
      );
    });
  }
}

function mayHavePods({ groupKind }: Target): boolean {
  return groupKind === 'Pod' || makesPods(groupKind);
}

function relatedTo(target: Target): Collection[] {
  const { groupKind, namespace } = target;
  if (!mayHavePods(target)) return [];
  const resources = [
    PODS,
    ...(groupKind === 'Deployment.apps' ? [REPLICA_SETS] : []),
    ...(groupKind === 'CronJob.batch' ? [JOBS] : []),
  ];
  return resources.map((resource) => ({ resource, namespace }));
}
