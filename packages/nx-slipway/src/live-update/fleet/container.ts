import { SlipwayError } from '../../report';
import type { Applied } from '../types';
import type { Annotations } from './annotations';
import { runKey } from './debts';
import type { Goal } from './goal';
import { Ledger, type Due } from './ledger';
import { Life } from './life';
import { NOTHING_DONE, type Outcome, type Passed } from './outcome';
import { uidOf, type SeenContainer } from './pod';
import type { FleetParts } from './types';
import type { Verdicts } from './verdicts';

export interface ContainerHost extends Pick<FleetParts, 'openLink' | 'notes'> {
  readonly annotations: Annotations;
  readonly verdicts: Verdicts;
  /** None: at rest. */
  readonly goal: () => Goal | undefined;
  readonly onOutcome: (container: Container, outcome: Outcome) => void;
  /** None runs any more of those that were there. */
  readonly onEnded: (container: Container) => void;
}

/** What the ledger is of. */
interface Kept {
  readonly life: Life;
  /** What was touched in it, or may have been. */
  touched: ReadonlySet<string>;
  /** The generation that it was last given something of. */
  generation?: string;
}

/**
 * A container by its name in a pod by its name, with all that follow each other
 * there. They are given one batch after the other: an exec goes to whatever runs
 * under the name.
 */
export class Container {
  private readonly ledger = new Ledger();
  private life?: Life;
  private kept?: Kept;
  private seen?: SeenContainer;
  private working?: Promise<void>;

  constructor(private readonly host: ContainerHost) {}

  /** Whether there is one that can be given something. */
  get isThere(): boolean {
    return this.life !== undefined && !this.life.hasEnded;
  }

  /** Whether nothing will come of it any more. */
  get isGone(): boolean {
    return this.seen === undefined && this.working === undefined;
  }

  /** It waits to be started again, and what it was given may be why. */
  get crashLooping(): SeenContainer | undefined {
    return this.seen?.isCrashLooping ? this.seen : undefined;
  }

  /** Whether one that starts now would be given something. */
  lacks(goal: Goal): boolean {
    const ledger = new Ledger();
    const { seen } = this;
    ledger.starts(seen ? this.touchedBefore(seen, goal) : []);
    return ledger.due(goal) !== undefined;
  }

  /** @param seen none: it does not count any more */
  see(seen: SeenContainer | undefined): void {
    const { life } = this;
    this.seen = seen;
    if (life && seen && life.isOf(seen)) {
      life.seen = seen;
      return;
    }
    this.life = seen?.id === undefined ? undefined : this.begun(seen);
    if (life) this.ended(life);
    this.wake();
  }

  wake(): void {
    this.working ??= this.work();
  }

  /** Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.see(undefined);
    await this.working;
  }

  private begun(seen: SeenContainer): Life {
    return new Life(seen, this.host.openLink);
  }

  private ended(life: Life): void {
    if (life.hasEnded) return;
    life.end();
    this.host.onEnded(this);
  }

  private async work(): Promise<void> {
    // What is told in one turn is one pass.
    await Promise.resolve();
    for (let next = this.next(); next; next = this.next()) {
      const { life, goal } = next;
      const passed = await this.pass(life, goal);
      if (!passed) continue;
      life.reached = goal.turn;
      const { place } = life.seen;
      this.host.onOutcome(this, { ...passed, place, turn: goal.turn });
    }
    this.working = undefined;
  }

  private next() {
    const { life } = this;
    const goal = this.host.goal();
    const isDone = !life || life.hasEnded || life.reached === goal?.turn;
    return isDone || !goal ? undefined : { life, goal };
  }

  /** @returns undefined if it has ended, or something else is desired */
  private async pass(life: Life, goal: Goal): Promise<Passed | undefined> {
    this.keep(life, goal);
    const due = this.ledger.due(goal);
    if (!due) {
      this.ledger.settles(goal);
      life.open().prepare();
      return NOTHING_DONE;
    }
    try {
      await this.announce(life, due);
      if (life.hasEnded || this.host.goal() !== goal) return undefined;
      return await this.give(life, due);
    } catch (error) {
      return this.failed(life, ours(error));
    }
  }

  /** What is touched must be known before it is, here and to everybody. */
  private async announce({ seen, uid }: Life, { goal, touches }: Due) {
    const { notes, annotations } = this.host;
    // In this order: who is annotated, and in no note, is a stranger.
    await notes.touch(uid, seen.place.container, touches);
    await annotations.first(seen, goal);
  }

  private async give(life: Life, due: Due): Promise<Passed | undefined> {
    const { goal, batch } = due;
    this.kept = {
      life,
      touched: this.touchedIn(life.seen),
      generation: goal.desired.generation,
    };
    this.ledger.begins(due);
    life.isOpenEnded = true;
    const applied = await life.open().apply(batch);
    if (life.hasEnded) return undefined;
    life.isOpenEnded = false;
    this.ledger.ends(due, applied);
    this.host.annotations.later(life.seen, goal);
    return passedOf(due, applied);
  }

  /** The end of a container is no failure of what it was given. */
  private async failed(
    life: Life,
    error: SlipwayError,
  ): Promise<Passed | undefined> {
    if (await this.host.verdicts.isEnd(life, error)) this.ended(life);
    if (life.hasEnded) return undefined;
    return { ...NOTHING_DONE, isNothing: false, error };
  }

  /** Has the ledger be of a container that has started. */
  private keep(life: Life, goal: Goal): void {
    if (this.kept?.life === life) return;
    const touched = this.touchedBefore(life.seen, goal);
    this.kept = { ...this.kept, life, touched };
    this.ledger.starts(touched);
  }

  /** What was touched in those before it that it may stand for. */
  private touchedBefore(
    seen: SeenContainer,
    { desired: { generation } }: Goal,
  ): ReadonlySet<string> {
    const touched = this.touchedIn(seen);
    const { kept } = this;
    if (!kept || kept.life.uid === uidOf(seen.pod)) return touched;
    // What was meant for a pod may have reached the next one of its name.
    const mayHave = kept.life.isOpenEnded || kept.generation === generation;
    return mayHave ? new Set([...touched, ...kept.touched]) : touched;
  }

  private touchedIn({ pod, place }: SeenContainer): ReadonlySet<string> {
    return this.host.notes.touchedIn(uidOf(pod), place.container);
  }
}

function passedOf({ batch }: Due, { times, failedRun }: Applied): Passed {
  const { deletes, writes, runs } = batch;
  const failed = failedRun && runKey(failedRun.run);
  const end = runs.findIndex((run) => runKey(run) === failed);
  return {
    isNothing: false,
    files: deletes.length + writes.length,
    times,
    ran: failedRun ? runs.slice(0, Math.max(end, 0)) : runs,
    failedRun,
  };
}

function ours(error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  return new SlipwayError({
    code: 'SLIPWAY_E_LIVE_UPDATE',
    message: String(error),
    cause: error,
  });
}
