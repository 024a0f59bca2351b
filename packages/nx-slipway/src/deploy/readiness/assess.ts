import type { LiveObject } from '../live';
import {
  PODS,
  REPLICA_SETS,
  hasPods,
  type Expected,
  type Waiting,
} from './expected';
import { judge } from './judge';
import { ownPods } from './own-pods';
import { troubleOf, type PodTrouble } from './pod-trouble';
import { isObserved } from './status';
import type { Watches } from './watches';

/** What may pass by itself counts when it has lasted so long, milliseconds. */
const PATIENCE_MS = 10_000;

/** Looks at what the watches have seen, again and again. */
export class Assessment {
  /** When a trouble that may pass was first seen. */
  private readonly troubled = new Map<string, number>();

  constructor(
    private readonly watches: Pick<Watches, 'find' | 'all'>,
    private readonly now: () => number,
  ) {}

  /** What is not ready. What is so is noted in it. */
  waiting(expected: readonly Expected[]): Waiting[] {
    return expected.flatMap((each) => (each.ready ? [] : this.look(each)));
  }

  /** Whether something cannot become ready, as far as it can be told. */
  isHopeless({ verdict, trouble }: Waiting): boolean {
    if (verdict.state === 'failed') return true;
    if (!trouble) return false;
    if (!trouble.mayPass) return true;
    const { pod, container, reason } = trouble;
    const key = `${pod.metadata.uid} ${container} ${reason.split(':')[0]}`;
    const since = this.troubled.get(key) ?? this.now();
    this.troubled.set(key, since);
    return this.now() - since >= PATIENCE_MS;
  }

  /** The pods of the newest template of an object. */
  pods(live: LiveObject | undefined): LiveObject[] {
    if (!live || !hasPods(live)) return [];
    const { namespace } = live.metadata;
    return ownPods(live, {
      pods: this.watches.all(PODS, namespace),
      replicaSets: this.watches.all(REPLICA_SETS, namespace),
    });
  }

  private look(expected: Expected): Waiting[] {
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
    if (verdict.state !== 'ready') {
      return [{ expected, live, verdict, trouble: this.trouble(live) }];
    }
    const ms = Math.round(this.now() - since);
    const { kind } = applied;
    const { note } = verdict;
    expected.ready = { kind, namespace, name, ms, ...(note && { note }) };
    return [];
  }

  /**
   * The worst of what its pods are in. Before its controller has seen the
   * change, the newest template is the one of before.
   */
  private trouble(live: LiveObject): PodTrouble | undefined {
    if (!isObserved(live)) return undefined;
    const troubles = this.pods(live).flatMap(
      (pod) => troubleOf(pod, live.kind === 'Job') ?? [],
    );
    return troubles.find(({ mayPass }) => !mayPass) ?? troubles[0];
  }
}
