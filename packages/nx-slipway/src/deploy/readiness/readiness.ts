import type { KubeObject } from '../../manifest';
import { SlipwayError } from '../../report';
import type { DeploySystems } from '../types';
import { Assessment } from './assess';
import { getsNode } from './autoscaler';
import { bindsAtOnce } from './claim-class';
import { tellsByEvents } from './controller-trouble';
import { notReady } from './describe';
import {
  EVENTS,
  PODS,
  REPLICA_SETS,
  hasPods,
  type Expected,
  type ReadyObject,
  type Waiting,
} from './expected';
import { hasReadiness } from './judge';
import { Patience } from './patience';
import { Progress } from './progress';
import { every, realTimers, type Timers } from './timers';
import { Watches } from './watches';

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

/** Between two looks at what only time changes, milliseconds. */
const TICK_MS = 500;

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
  const watching = new Watching(systems, timers);
  try {
    await Promise.all(objects.map((object) => watching.follow(object)));
  } catch (error) {
    watching.close();
    throw error;
  }
  return watching;
}

class Watching implements Readiness {
  private readonly expected: Expected[] = [];
  private readonly following: Promise<void>[] = [];
  private readonly watches: Watches;
  private readonly assessment: Assessment;
  private readonly patience: Patience;
  /** What a watch ended with. */
  private readonly faults: Error[] = [];
  private look: () => void;

  constructor(
    private readonly systems: DeploySystems,
    private readonly timers: Timers,
  ) {
    this.watches = new Watches({
      ...systems,
      timers,
      onChange: () => this.look(),
      onError: (error) => {
        this.faults.push(error);
        this.look();
      },
    });
    this.assessment = new Assessment(this.watches, systems.now);
    this.patience = new Patience(systems.now);
    // Even before the wait: a Job that has ended may be taken away at once.
    this.look = () => this.assessment.waiting(this.expected);
  }

  /** What there is nothing to see of is ready when it exists. */
  async follow(object: KubeObject) {
    if (!hasReadiness(object)) return undefined;
    const { apiVersion, kind, metadata } = object;
    const resource = await this.systems.cluster.resource(apiVersion, kind);
    if (!resource) return undefined;
    const place = resource.namespaced ? metadata.namespace : undefined;
    await Promise.all([
      this.watches.follow(resource, place),
      hasPods(object) && this.watches.follow(PODS, place),
      kind === 'Deployment' && this.watches.follow(REPLICA_SETS, place),
      tellsByEvents(object) &&
        this.watches.follow(EVENTS, place, 'reason=FailedCreate'),
    ]);
    return resource;
  }

  expect(applied: KubeObject): void {
    if (!hasReadiness(applied)) return;
    const { cluster, now } = this.systems;
    const since = now();
    const following = Promise.all([
      this.follow(applied),
      bindsAtOnce(applied, cluster),
    ]).then(([resource, isBoundAtOnce]) => {
      if (!resource) return;
      this.expected.push({ applied, resource, since, isBoundAtOnce });
    });
    // What goes wrong is told by wait.
    following.catch(() => undefined);
    this.following.push(following);
  }

  async wait(timeoutMs: number): Promise<ReadyReport> {
    const { now, signal, reporter } = this.systems;
    await Promise.all(this.following);
    const start = now();
    const progress = new Progress(reporter, now);
    const end: (() => void)[] = [];
    const idle = this.look;
    try {
      await new Promise<void>((resolve, reject) => {
        this.look = () => {
          const [fault] = this.faults;
          if (fault) return reject(fault);
          const waiting = this.assessment.waiting(this.expected);
          if (waiting.length === 0) return resolve();
          const { arrived } = this.assessment;
          const lost = this.patience.hopeless(waiting, arrived);
          const isOver = now() - start >= timeoutMs;
          if (lost.length > 0) this.giveUp(lost, waiting).catch(reject);
          else if (isOver) this.giveUp([], waiting, timeoutMs).catch(reject);
          else progress.tell(waiting, this.assessment);
        };
        const onAbort = () => reject(cancelled());
        signal.addEventListener('abort', onAbort, { once: true });
        end.push(() => signal.removeEventListener('abort', onAbort));
        end.push(every(this.timers, TICK_MS, () => this.look()));
        if (signal.aborted) onAbort();
        else this.look();
      });
      return { objects: this.expected.flatMap(({ ready }) => ready ?? []) };
    } finally {
      for (const each of end) each();
      this.look = idle;
    }
  }

  close(): void {
    this.watches.close();
    this.look = () => undefined;
  }

  /**
   * Asks for details; meanwhile nothing else is looked at.
   * @param timeout that is over: then nothing needs to be lost
   * @throws SLIPWAY_E_NOT_READY, unless a node is on its way for all that is lost
   */
  private async giveUp(
    lost: readonly Waiting[],
    waiting: readonly Waiting[],
    timeout?: number,
  ): Promise<void> {
    const { look, assessment } = this;
    const { cluster } = this.systems;
    const asking = () => undefined;
    this.look = asking;
    const excused = await Promise.all(lost.map((each) => this.isExcused(each)));
    const told =
      timeout === undefined ? lost.filter((_, at) => !excused[at]) : waiting;
    if (told.length === 0) {
      // Unless it was cancelled meanwhile.
      if (this.look !== asking) return;
      this.look = look;
      return look();
    }
    const others = waiting.filter((each) => !told.includes(each));
    const of = this.expected.length;
    throw await notReady({ told, others, of, timeout }, assessment, cluster);
  }

  private async isExcused({ trouble, verdict }: Waiting): Promise<boolean> {
    if (trouble?.weight !== 'node' || verdict.state === 'failed') return false;
    if (!(await getsNode(trouble, this.systems.cluster))) return false;
    const { name } = trouble.pod.metadata;
    this.systems.reporter.info(`a node is being made for the pod ${name}`);
    this.patience.excuse(trouble);
    return true;
  }
}

function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'cancelled, waiting for what was applied to be ready.',
    hint: 'All is applied; the next run waits again.',
  });
}
