import { SlipwayError } from '../../report';
import type { DeploySystems } from '../types';
import { every, type Timers } from '../watches';
import type { Assessment } from './assess';
import { getsNode } from './autoscaler';
import { notReady, type Advice } from './describe';
import type { Expected, Waiting } from './expected';
import { Patience } from './patience';
import { Progress } from './progress';

/** Between two looks at what only time changes, milliseconds. */
const TICK_MS = 500;

export interface WaitParts {
  readonly assessment: Assessment;
  readonly advice: Advice;
  readonly systems: DeploySystems;
  readonly timers: Timers;
  readonly expected: () => readonly Expected[];
  /** What a watch has ended with. */
  readonly fault: () => Error | undefined;
}

/** One wait for all that is expected. */
export class Wait {
  private readonly patience: Patience;
  private readonly progress: Progress;
  private readonly start: number;
  /** It asks for details: meanwhile nothing else is looked at. */
  private isAsking = false;
  private hasEnded = false;
  private resolve = () => undefined as void;
  private reject: (reason: Error) => void = () => undefined;

  /** @param timeoutMs from now */
  constructor(
    private readonly parts: WaitParts,
    private readonly timeoutMs: number,
  ) {
    const { now, reporter } = parts.systems;
    this.patience = new Patience(now);
    this.progress = new Progress(reporter, now);
    this.start = now();
  }

  /** @throws SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.request */
  async run(signal: AbortSignal): Promise<void> {
    const { systems, timers } = this.parts;
    const signals = new Set([signal, systems.signal]);
    const onAbort = () => this.reject(cancelled());
    let stop: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.resolve = resolve;
        this.reject = reject;
        for (const each of signals) each.addEventListener('abort', onAbort);
        stop = every(timers, TICK_MS, () => this.look());
        if ([...signals].some((each) => each.aborted)) onAbort();
        else this.look();
      });
    } finally {
      stop?.();
      for (const each of signals) each.removeEventListener('abort', onAbort);
      this.hasEnded = true;
    }
  }

  /** Something may have changed. */
  look(): void {
    if (this.isAsking || this.hasEnded) return;
    const { assessment, expected, fault } = this.parts;
    const broken = fault();
    if (broken) return this.reject(broken);
    const waiting = assessment.waiting(expected());
    if (waiting.length === 0) return this.resolve();
    const lost = toBlame(
      this.patience.hopeless(waiting, assessment.arrived),
      waiting,
    );
    const { now } = this.parts.systems;
    const isOver = now() - this.start >= this.timeoutMs;
    if (lost.length > 0) this.giveUp(lost, waiting).catch(this.reject);
    else if (isOver) {
      this.giveUp([], waiting, this.timeoutMs).catch(this.reject);
    } else this.progress.tell(waiting, assessment);
  }

  /**
   * @param timeout that is over: then nothing needs to be lost
   * @throws SLIPWAY_E_NOT_READY, unless a node is on its way for all that is lost
   */
  private async giveUp(
    lost: readonly Waiting[],
    waiting: readonly Waiting[],
    timeout?: number,
  ): Promise<void> {
    const { assessment, advice, systems, expected } = this.parts;
    this.isAsking = true;
    const excused = await Promise.all(lost.map((each) => this.isExcused(each)));
    const told =
      timeout === undefined ? lost.filter((_, at) => !excused[at]) : waiting;
    if (told.length === 0) {
      this.isAsking = false;
      return this.look();
    }
    const others = waiting.filter((each) => !told.includes(each));
    const failure = { told, others, of: expected().length, timeout };
    throw await notReady(failure, assessment, advice, systems.cluster);
  }

  private async isExcused({ trouble, verdict }: Waiting): Promise<boolean> {
    const { cluster, reporter } = this.parts.systems;
    if (trouble?.weight !== 'node' || verdict.state === 'failed') return false;
    if (!(await getsNode(trouble, cluster))) return false;
    const { name } = trouble.pod.metadata;
    reporter.info(`a node is being made for the pod ${name}`);
    this.patience.excuse(trouble);
    return true;
  }
}

/** What an earlier pass left is not to blame while the newest may yet come. */
function toBlame(
  lost: readonly Waiting[],
  waiting: readonly Waiting[],
): readonly Waiting[] {
  const isNewest = ({ expected }: Waiting) => !expected.isOld;
  return waiting.some(isNewest) ? lost.filter(isNewest) : lost;
}

function cancelled(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: 'cancelled, waiting for what was applied to be ready.',
    hint: 'All is applied; the next run waits again.',
  });
}
