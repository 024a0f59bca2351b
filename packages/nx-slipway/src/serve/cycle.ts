import type {
  CycleEvent,
  CycleResult,
  Fault,
  LiveReport,
  OnEvent,
  PhaseName,
  PhaseTime,
  Subject,
} from './events';

interface CycleParts {
  readonly subject: Subject;
  /** When the first save of it was seen, by the clock of `now`. */
  readonly at: number;
  readonly now: () => number;
  readonly emit: OnEvent;
}

/** From a save to the end of what it led to. */
export class Cycle {
  private readonly phases = new Map<PhaseName, number>();
  private waiting = 0;
  private isOver = false;
  ref?: string;
  live?: LiveReport;

  constructor(private readonly parts: CycleParts) {}

  get subject(): Subject {
    return this.parts.subject;
  }

  /** Waited for others: no phase of its own. @param ms milliseconds */
  waited(ms: number): void {
    this.waiting += ms;
  }

  /** All until now was to find out what is to be done, but for what was told. */
  detected(): void {
    const told = [...this.phases.values()].reduce((sum, ms) => sum + ms, 0);
    const { now, at } = this.parts;
    this.passed('detect', Math.max(now() - at - told - this.waiting, 0));
  }

  /** It begins; `passed` tells of its end. */
  begins(phase: PhaseName): void {
    if (!this.isOver) this.tell(phase);
  }

  /** @param ms that it has taken; of one that came before, more */
  passed(phase: PhaseName, ms: number): void {
    if (this.isOver) return;
    this.phases.set(phase, (this.phases.get(phase) ?? 0) + ms);
    this.tell(phase, ms);
  }

  async measure<T>(phase: PhaseName, work: () => Promise<T>): Promise<T> {
    const start = this.parts.now();
    this.begins(phase);
    try {
      return await work();
    } finally {
      this.passed(phase, this.parts.now() - start);
    }
  }

  /** Once: what comes later is of another cycle. */
  end(result: CycleResult, fault?: Fault): void {
    if (this.isOver) return;
    this.isOver = true;
    const { subject, at, now, emit } = this.parts;
    const phases = [...this.phases].map(([name, ms]): PhaseTime => ({
      name,
      ms: rounded(ms),
    }));
    const event: CycleEvent = {
      type: 'cycle',
      ...subject,
      result,
      ms: rounded(now() - at),
      phases,
      ...(this.ref !== undefined && { ref: this.ref }),
      ...(this.live && { live: this.live }),
      ...(fault && { fault }),
    };
    emit(event);
  }

  private tell(phase: PhaseName, ms?: number): void {
    const { subject, emit } = this.parts;
    const took = ms === undefined ? {} : { ms: rounded(ms) };
    emit({ type: 'phase', ...subject, phase, ...took });
  }
}

/** Those of before, less those whose subject has a newer one now; and these. */
export function newest(
  before: readonly Cycle[],
  now: readonly Cycle[],
): Cycle[] {
  const isReplaced = ({ subject }: Cycle) =>
    now.some(
      (each) =>
        each.subject.image === subject.image &&
        each.subject.project === subject.project,
    );
  for (const cycle of before) if (isReplaced(cycle)) cycle.end('superseded');
  return [...before.filter((cycle) => !isReplaced(cycle)), ...now];
}

/** To a tenth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
