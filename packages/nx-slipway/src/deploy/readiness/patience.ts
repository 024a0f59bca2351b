import type { Waiting } from './expected';
import type { PodTrouble, Weight } from './pod-trouble';

/** Milliseconds that a trouble must have lasted to end the wait. */
const LASTING: Readonly<Record<Exclude<Weight, 'crash'>, number>> = {
  now: 0,
  lasting: 10_000,
  // An autoscaler looks every ten seconds.
  node: 15_000,
  // The second try comes ten seconds after the first, and takes its time.
  pull: 30_000,
};
/** Starts that are enough, whatever else may still come: half a minute of them. */
const MAX_RESTARTS = 3;

/** Remembers how long troubles have lasted, by the clock of the run. */
export class Patience {
  private readonly since = new Map<string, number>();
  private readonly crashes = new Map<string, Crashes>();
  private readonly excused = new Set<string>();

  constructor(private readonly now: () => number) {}

  /**
   * What cannot become ready, as far as it can be told.
   * @param waiting all that is not ready
   * @param arrived how many objects have become ready while they were waited for
   */
  hopeless(waiting: readonly Waiting[], arrived: number): Waiting[] {
    const mayYetCome = waiting.some(isComing);
    const seen = new Set<string>();
    const lost = waiting.filter((each) => {
      const { verdict, trouble } = each;
      const byVerdict =
        verdict.state === 'failed' &&
        this.hasLasted(
          `${each.expected.applied.metadata.uid}`,
          verdict.mayPass ? 'lasting' : 'now',
          each,
          seen,
        );
      const byPod =
        trouble !== undefined &&
        (trouble.weight === 'crash'
          ? this.isCrashLoop(trouble, mayYetCome, arrived)
          : this.hasLasted(keyOf(trouble), trouble.weight, each, seen));
      return byVerdict || byPod;
    });
    // What is over begins anew.
    for (const key of this.since.keys()) {
      if (!seen.has(key)) this.since.delete(key);
    }
    return lost;
  }

  /** A node is on its way for a pod: from now on it is not in trouble. */
  excuse(trouble: PodTrouble): void {
    this.excused.add(keyOf(trouble));
  }

  private hasLasted(
    key: string,
    weight: Exclude<Weight, 'crash'>,
    { ending, verdict }: Waiting,
    seen: Set<string>,
  ): boolean {
    if (this.excused.has(key)) return false;
    // Pods that end make room, on a node and in a quota.
    const needsRoom = weight === 'node' || verdict.mayPass === true;
    if (needsRoom && ending > 0) return false;
    seen.add(key);
    const since = this.since.get(key) ?? this.now();
    this.since.set(key, since);
    return this.now() - since >= LASTING[weight];
  }

  /**
   * Many a program ends until its database is there, and runs then. So one that
   * crashes is given up at once only if nothing is on its way any more, and it
   * has crashed once more since the last that came.
   */
  private isCrashLoop(
    trouble: PodTrouble,
    mayYetCome: boolean,
    arrived: number,
  ): boolean {
    const key = keyOf(trouble);
    const { restarts } = trouble;
    if (restarts >= MAX_RESTARTS) return true;
    let crashes = this.crashes.get(key) ?? { arrived: 0, restarts: -1 };
    if (crashes.arrived !== arrived) crashes = { arrived, restarts };
    this.crashes.set(key, crashes);
    return !mayYetCome && restarts > crashes.restarts;
  }
}

interface Crashes {
  readonly arrived: number;
  /** As they were when the last object came. */
  readonly restarts: number;
}

function isComing({ verdict, trouble }: Waiting): boolean {
  return verdict.state === 'waiting' && trouble === undefined;
}

function keyOf({ pod, container }: PodTrouble): string {
  return `${pod.metadata.uid} ${container ?? ''}`;
}
