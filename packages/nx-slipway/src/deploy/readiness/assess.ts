import type { LiveObject } from '../live';
import { EVENTS, PODS, REPLICA_SETS } from '../watches';
import { refusedPod, wedgedBy, type ClusterEvent } from './controller-trouble';
import { hasPods, type Expected, type Waiting } from './expected';
import { judge } from './judge';
import {
  hasEndedPod,
  isReadyPod,
  newestPods,
  podsOf,
  type Related,
} from './own-pods';
import { troubleOf, type PodTrouble } from './pod-trouble';
import type { Seen } from './seen';
import { failed, failing, isObserved, noted, type Verdict } from './status';

/** Looks at what the watches have seen, again and again. */
export class Assessment {
  /** How many objects have become ready while they were waited for. */
  arrived = 0;

  constructor(
    private readonly seen: Seen,
    private readonly now: () => number,
  ) {}

  /** What is not ready. What is so is noted in it. */
  waiting(expected: readonly Expected[]): Waiting[] {
    return expected.flatMap((each) => {
      if (each.ready) return [];
      const waiting = this.look(each);
      if (!waiting) return [];
      each.wasWaiting = true;
      return [waiting];
    });
  }

  /** All pods of an object, of whatever template. */
  pods(live: LiveObject | undefined): LiveObject[] {
    return live && hasPods(live) ? podsOf(live, this.relatedTo(live)) : [];
  }

  private look(expected: Expected): Waiting | undefined {
    const { applied, resource } = expected;
    const { namespace, name, uid, generation = 0 } = applied.metadata;
    const place = resource.namespaced ? namespace : undefined;
    if (!this.seen.sees(resource, place)) {
      const what = `${resource.plural} may not be listed`;
      this.noteReady(expected, noted(`taken to be ready: ${what}`));
      return undefined;
    }
    const live = this.seen.find(resource, place, name);
    const isIt = live !== undefined && live.metadata.uid === uid;
    if (!isIt) {
      const verdict: Verdict = expected.isSeen
        ? failed('somebody has deleted it meanwhile')
        : { state: 'waiting', reason: 'it has not been seen yet' };
      return { expected, verdict, ending: 0 };
    }
    expected.isSeen = true;
    if ((live.metadata.generation ?? 0) < generation) {
      const reason = 'its change has not been seen yet';
      return { expected, verdict: { state: 'waiting', reason }, ending: 0 };
    }
    const verdict = judge(live, expected.isBoundAtOnce);
    if (verdict.state !== 'ready')
      return this.notReady(expected, live, verdict);
    const pods = this.pods(live);
    const coming = stillComing(pods, expected);
    if (coming > 0) {
      const reason = `${coming} of its pods are being replaced`;
      return this.notReady(expected, live, { state: 'waiting', reason });
    }
    this.noteReady(expected, verdict, this.leftOf(live, verdict, pods));
    return undefined;
  }

  /**
   * How many of its pods end. A Deployment that is ready has none of before
   * that goes on, but is seen by another watch, which may be quicker.
   */
  private leftOf(
    live: LiveObject,
    { note }: Verdict,
    pods: readonly LiveObject[],
  ): number {
    const isRolledOut = live.kind === 'Deployment' && note === undefined;
    const newest = isRolledOut ? newestPods(live, this.relatedTo(live)) : [];
    const uids = new Set(newest.map(({ metadata }) => metadata.uid));
    const isPast = (pod: LiveObject) =>
      uids.size > 0 && !uids.has(pod.metadata.uid) && !hasEndedPod(pod);
    return pods.filter((pod) => isEnding(pod) || isPast(pod)).length;
  }

  private noteReady(expected: Expected, { note }: Verdict, ending = 0): void {
    const { applied, since, wasWaiting } = expected;
    const { namespace, name } = applied.metadata;
    const ms = Math.round(this.now() - since);
    const words = [note, ending > 0 && `${ending} of its pods still end`]
      .filter(Boolean)
      .join('; ');
    expected.ready = {
      ...{ kind: applied.kind, namespace, name, ms },
      ...(words && { note: words }),
    };
    if (wasWaiting) this.arrived++;
  }

  private notReady(
    expected: Expected,
    live: LiveObject,
    verdict: Verdict,
  ): Waiting {
    const pods = this.pods(live);
    const ending = endingOf(pods);
    // Before its controller has looked, the newest template is the one of before.
    if (!isObserved(live)) return { expected, live, verdict, ending };
    const events = this.seen.all(EVENTS, live.metadata.namespace);
    const refused = refusedPod(live, pods, events as readonly ClusterEvent[]);
    const trouble = this.troubleIn(live, pods);
    return {
      ...{ expected, live, trouble, ending },
      verdict: refused === undefined ? verdict : failing(refused),
    };
  }

  /** The worst of what its pods are in. */
  private troubleIn(
    live: LiveObject,
    pods: readonly LiveObject[],
  ): PodTrouble | undefined {
    const newest = newestPods(live, this.relatedTo(live));
    if (newest.length > 0) return troublesOf(live, newest)[0];
    const [old] = troublesOf(live, pods);
    return old && wedgedBy(live, old);
  }

  private relatedTo({ metadata: { namespace } }: LiveObject): Related {
    return this.relatedIn(namespace);
  }

  /** What the watches have seen there. */
  relatedIn(namespace: string | undefined): Related {
    return {
      pods: this.seen.all(PODS, namespace),
      replicaSets: this.seen.all(REPLICA_SETS, namespace),
    };
  }
}

/** How many pods are to come in the place of those that were deleted. */
function stillComing(
  pods: readonly LiveObject[],
  { replaced }: Expected,
): number {
  if (!replaced) return 0;
  const { count, before } = replaced;
  const isNew = (pod: LiveObject) => !before.has(pod.metadata.uid);
  return count - pods.filter((pod) => isNew(pod) && isReadyPod(pod)).length;
}

const WORST_FIRST = ['now', 'crash', 'lasting', 'node', 'pull'];

function troublesOf(
  { kind }: LiveObject,
  pods: readonly LiveObject[],
): PodTrouble[] {
  const rank = ({ weight }: PodTrouble) => WORST_FIRST.indexOf(weight);
  return pods
    .flatMap((pod) => troubleOf(pod, kind === 'Job') ?? [])
    .sort((a, b) => rank(a) - rank(b) || b.restarts - a.restarts);
}

function endingOf(pods: readonly LiveObject[]): number {
  return pods.filter(isEnding).length;
}

function isEnding({ metadata }: LiveObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}
