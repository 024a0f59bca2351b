import type { ApiResource } from '../../cluster';
import type { KubeObject } from '../../manifest';
import { SlipwayError } from '../../report';
import type { DeploySystems } from '../types';
import { Assessment } from './assess';
import { lineOf, notReady } from './describe';
import {
  PODS,
  REPLICA_SETS,
  hasPods,
  type Expected,
  type ReadyObject,
} from './expected';
import { hasReadiness } from './judge';
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
/** Between two words about what is waited for. */
const WORD_MS = 5000;
/** How many objects one word tells of. */
const MAX_TOLD = 5;

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
  await Promise.all(objects.map((object) => watching.follow(object)));
  return watching;
}

class Watching implements Readiness {
  private readonly expected: Expected[] = [];
  private readonly following: Promise<void>[] = [];
  private readonly watches: Watches;
  private readonly assessment: Assessment;
  private look: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;

  constructor(private readonly systems: DeploySystems) {
    this.watches = new Watches({
      ...systems,
      onChange: () => this.look(),
      onError: (error) => this.fail(error),
    });
    this.assessment = new Assessment(this.watches, systems.now);
  }

  /**
   * @returns undefined for what there is nothing to see of: it is ready when it
   *   exists, its kind is still to come, or the user may not look
   */
  async follow(object: KubeObject): Promise<ApiResource | undefined> {
    if (!hasReadiness(object)) return undefined;
    const { apiVersion, kind, metadata } = object;
    const resource = await this.systems.cluster.resource(apiVersion, kind);
    if (!resource) return undefined;
    const place = resource.namespaced ? metadata.namespace : undefined;
    const [isFollowed] = await Promise.all([
      this.watches.follow(resource, place),
      hasPods(object) && this.watches.follow(PODS, place),
      kind === 'Deployment' && this.watches.follow(REPLICA_SETS, place),
    ]);
    return isFollowed ? resource : undefined;
  }

  expect(applied: KubeObject): void {
    if (!hasReadiness(applied)) return;
    const since = this.systems.now();
    const following = this.follow(applied).then((resource) => {
      if (resource) this.expected.push({ applied, resource, since });
    });
    // What goes wrong is told by wait.
    following.catch(() => undefined);
    this.following.push(following);
  }

  async wait(timeoutMs: number): Promise<ReadyReport> {
    const { now, signal } = this.systems;
    await Promise.all(this.following);
    const start = now();
    const end: (() => void)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        this.fail = reject;
        this.look = () => {
          const waiting = this.assessment.waiting(this.expected);
          const lost = waiting.filter((one) => this.assessment.isHopeless(one));
          if (waiting.length === 0) resolve();
          else if (lost.length > 0) this.giveUp(lost, undefined, reject);
          else if (now() - start >= timeoutMs) {
            this.giveUp(waiting, timeoutMs, reject);
          }
        };
        const onAbort = () => reject(cancelled());
        signal.addEventListener('abort', onAbort, { once: true });
        end.push(() => signal.removeEventListener('abort', onAbort));
        end.push(every(TICK_MS, () => this.look()));
        end.push(every(WORD_MS, () => this.tell()));
        if (signal.aborted) onAbort();
        else this.look();
      });
      return { objects: this.expected.flatMap(({ ready }) => ready ?? []) };
    } finally {
      for (const each of end) each();
      this.look = () => undefined;
    }
  }

  close(): void {
    this.watches.close();
  }

  /** Once: details are asked for, and meanwhile nothing else is looked at. */
  private giveUp(
    told: Parameters<typeof notReady>[0],
    timeout: number | undefined,
    reject: (error: unknown) => void,
  ): void {
    this.look = () => undefined;
    const { assessment, expected, systems } = this;
    notReady(told, expected.length, timeout, assessment, systems.cluster).then(
      reject,
      reject,
    );
  }

  private tell(): void {
    const { reporter } = this.systems;
    const waiting = this.assessment.waiting(this.expected);
    for (const each of waiting.slice(0, MAX_TOLD)) {
      reporter.info(`waiting for ${lineOf(each, this.assessment)}`);
    }
    const more = waiting.length - MAX_TOLD;
    if (more > 0) reporter.info(`and for ${more} more`);
  }
}

function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}

function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'cancelled, waiting for what was applied to be ready.',
    hint: 'All is applied; the next run waits again.',
  });
}
