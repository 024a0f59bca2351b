import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../report';
import { answerError } from '../cluster-errors';
import { getJson, type Connection } from '../connection';
import { nameOf, type KubeAnswer } from '../request';
import { streamedAnswer } from '../streamed-answer';
import { lifeOf, type ContainerLife, type LivingPod } from './container-life';
import { ContainerLog } from './container-log';

export interface FollowLog {
  readonly namespace: string;
  readonly pod: string;
  /** Another pod of that name is not followed. */
  readonly uid?: string;
  readonly container: string;
  /**
   * How many of its lines of before are wanted; none: all, and those of the
   * container before it, if it has been started again.
   */
  readonly tail?: number;
  /** The ID of a container: what it said is not wanted. */
  readonly after?: string;
  /** Ends it; the run's own signal is not looked at. */
  readonly signal: AbortSignal;
  /** Told of each line, without its end. */
  readonly onLine: (line: string) => void;
  readonly deadlines?: Partial<LogDeadlines>;
}

/** Milliseconds. */
export interface LogDeadlines {
  /**
   * How long a log is silent until its connection is opened anew, or half as
   * long again. That loses and repeats nothing; a log may be silent for hours.
   */
  readonly silence: number;
  /** Before a new try; each that brings nothing doubles it. */
  readonly pause: number;
  readonly longestPause: number;
}

const DEADLINES: LogDeadlines = {
  silence: 120_000,
  pause: 250,
  longestPause: 2000,
};

/** What may be otherwise at the next try. */
const PASSING = [
  'SLIPWAY_E_CLUSTER_UNREACHABLE',
  'SLIPWAY_E_CLUSTER_FAILED',
] as const;

/**
 * Follows the log of a container through its restarts, and those of the API
 * server, until the pod is gone, or the container will not be started again.
 * Each line is told once. What a node throws away while there is no connection
 * (it keeps one file at hand, of 10 MB as a rule) is lost.
 * @returns when it is over, or ended by the signal
 * @throws SLIPWAY_E_CLUSTER_REFUSED, SLIPWAY_E_CONTEXT_NOT_ALLOWED,
 *   SLIPWAY_E_KUBECONFIG
 */
export async function followLog(
  { connection }: { readonly connection: Connection },
  options: FollowLog,
): Promise<void> {
  const { signal } = options;
  const follower = new Follower({ ...connection, signal }, options);
  try {
    await follower.follow();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

class Follower {
  private log?: ContainerLog;
  private readonly deadlines: LogDeadlines;
  private readonly path: string;

  constructor(
    private readonly connection: Connection,
    private readonly options: FollowLog,
  ) {
    this.deadlines = { ...DEADLINES, ...options.deadlines };
    const [namespace, pod] = [options.namespace, options.pod].map(
      encodeURIComponent,
    );
    this.path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
  }

  async follow(): Promise<void> {
    const { pause, longestPause } = this.deadlines;
    let rest = pause;
    while (!this.options.signal.aborted) {
      const pod = await this.patiently(() => this.look());
      if (pod === 'gone') {
        this.log?.end();
        return;
      }
      const before = this.log?.told ?? 0;
      const life = pod && lifeOf(pod, this.options.container);
      if (life && (await this.patiently(() => this.read(life)))) return;
      if ((this.log?.told ?? 0) !== before) {
        // At once: a stream may end before the last words of a container that
        // ends, and the pod is soon gone.
        rest = pause;
        continue;
      }
      rest = Math.min(rest * 2, longestPause);
      // Those whose connections broke together do not come back together.
      const ms = rest * (1 + Math.random() / 2);
      await sleep(ms, undefined, { signal: this.options.signal });
    }
  }

  private async look(): Promise<LivingPod | 'gone'> {
    const pod = await getJson<LivingPod>(this.connection, this.path, [404]);
    const { uid = pod?.metadata.uid } = this.options;
    return pod && pod.metadata.uid === uid ? pod : 'gone';
  }

  /** @returns whether that was all */
  private async read(life: ContainerLife): Promise<boolean> {
    const log = await this.logOf(life);
    if (!log) return life.isOver;
    const hasEnded = !life.isRunning;
    if (!log.isWhole && (await this.stream(log, 'follow=true')) && hasEnded) {
      log.end();
    }
    return life.isOver && log.isWhole;
  }

  /** Of the newest container; what is left of the one before is read first. */
  private async logOf(life: ContainerLife): Promise<ContainerLog | undefined> {
    const { tail, after } = this.options;
    const { id, previous } = life;
    if (id === undefined || id === after) return undefined;
    const isFirst = this.log === undefined;
    if (isFirst && tail === undefined && previous && previous !== after) {
      this.log = this.newLog(previous);
    }
    const isMissed =
      this.log && previous && ![this.log.id, after].includes(previous);
    // It began and ended between two looks.
    if (isMissed && this.log?.id !== id) {
      this.log?.end();
      this.log = this.newLog(previous);
    }
    if (this.log && this.log.id === previous && !this.log.isWhole) {
      await this.stream(this.log, 'previous=true');
    }
    if (this.log?.id !== id) {
      this.log?.end();
      this.log = this.newLog(id, isFirst ? tail : undefined);
    }
    return this.log;
  }

  private newLog(id: string, tail?: number): ContainerLog {
    return new ContainerLog(id, this.options.onLine, tail, this.log);
  }

  /** @returns whether it came to its end */
  private async stream(log: ContainerLog, query: string): Promise<boolean> {
    const { silence } = this.deadlines;
    const { container, signal } = this.options;
    const name = encodeURIComponent(container);
    const path = `${this.path}/log?container=${name}&timestamps=true&${query}${log.reopen()}`;
    const answer = await streamedAnswer(this.connection, {
      path,
      accept: '*/*',
      silence: silence * (1 + Math.random() / 2),
      signal,
      read: (body) => log.read(body),
    });
    if (!answer) return true;
    if (this.mayPass(answer)) return false;
    const asked = nameOf({ method: 'GET', path });
    throw answerError(this.connection.target, asked, answer);
  }

  /** 400: it has not started, or its log is gone; 404: the pod is. */
  private mayPass({ status }: KubeAnswer): boolean {
    const { isSettling } = this.connection.health;
    return ![401, 403].includes(status) || (status === 403 && isSettling);
  }

  /** @returns undefined after a fault that may pass */
  private async patiently<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!hasCode(error, ...PASSING)) throw error;
      if (error.code === 'SLIPWAY_E_CLUSTER_UNREACHABLE') {
        this.connection.health.noteSilence();
      }
      return undefined;
    }
  }
}
