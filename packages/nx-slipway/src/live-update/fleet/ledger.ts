import { difference, originOf, type States } from '../plan';
import type { Applied, Batch } from '../types';
import { Debts, runKey } from './debts';
import type { Goal } from './goal';
import type { Followed } from './types';

/** What a container is to be given next. */
export interface Due {
  readonly goal: Goal;
  readonly batch: Batch;
  /** What it touches: places in the container, and followed files. */
  readonly touches: readonly string[];
  /** Files of the workspace behind all of it. */
  readonly sources: ReadonlySet<string>;
}

/**
 * What one container holds, as far as it is known: what was desired when it got
 * there last, or what its image holds, and what has become of single places
 * since.
 */
export class Ledger {
  /** None: what its image holds. */
  private ground?: States;
  /** The followed files that its runs know. None: as its image was built of. */
  private ranWith?: ReadonlyMap<string, string>;
  /** Places, and followed files. Wins over both; undefined: not known. */
  private readonly touched = new Map<string, string | undefined>();
  private readonly debts = new Debts();
  private isNew = true;

  /**
   * A container has started. What was touched in the one before it a volume may
   * have kept, and the files of the image have not: nothing is known of it.
   */
  starts(before: Iterable<string>): void {
    this.ground = undefined;
    this.ranWith = undefined;
    this.isNew = true;
    this.debts.clear();
    this.touched.clear();
    for (const each of before) this.touched.set(each, undefined);
  }

  /** @returns undefined if it holds all that is desired */
  due(goal: Goal): Due | undefined {
    const { liveUpdate, content, followed } = goal.desired;
    for (const path of this.isNew ? goal.initial : []) {
      this.touched.set(path, undefined);
    }
    const held = { ...this.held(goal), touched: this.touched };
    const found = difference(liveUpdate, held, content);
    const { deletes, writes } = found;
    const changed = followed ? this.changedOf(followed) : [];
    const sources = new Set([...found.sources, ...changed]);
    const runs = this.debts.due(liveUpdate, sources);
    if (deletes.length + writes.length + runs.length === 0) return undefined;
    return {
      goal,
      batch: { deletes, writes, runs, restart: liveUpdate.restart },
      touches: [...found.touches.keys(), ...changed],
      sources,
    };
  }

  /** It is being given that: until it is known how this ends, nothing is. */
  begins({ touches, sources }: Due): void {
    this.isNew = false;
    for (const each of touches) this.touched.set(each, undefined);
    this.debts.owe(sources);
  }

  ends({ goal, batch }: Due, { states, failedRun }: Applied): void {
    for (const { path } of batch.writes) {
      this.touched.set(path, states.get(path));
    }
    this.settles(goal);
    if (!failedRun) return this.debts.clear();
    const failed = runKey(failedRun.run);
    const index = batch.runs.findIndex((run) => runKey(run) === failed);
    this.debts.completed(batch.runs.slice(0, Math.max(index, 0)));
  }

  /** It holds all that is desired, but for what was read otherwise. */
  settles(goal: Goal): void {
    const { liveUpdate, content, followed } = goal.desired;
    const { base } = this.held(goal);
    for (const path of this.leftovers(goal)) {
      // Where no sync of now brings anything, nothing was deleted either.
      if (originOf(liveUpdate, path)) this.touched.delete(path);
      else if (!this.touched.has(path)) this.touched.set(path, base.get(path));
    }
    for (const [path, state] of this.touched) {
      const isHeld = content.has(path) && content.get(path)?.state === state;
      if (isHeld || !isPlace(path)) this.touched.delete(path);
    }
    this.ground = goal.holding;
    this.ranWith = followed?.now;
    this.isNew = false;
  }

  private held(goal: Goal) {
    const base = this.ground ?? goal.desired.base;
    return { base, changed: goal.changedFrom(base) };
  }

  /** Places where something may stand, and nothing is desired. */
  private leftovers(goal: Goal): string[] {
    const { content } = goal.desired;
    const { changed } = this.held(goal);
    return [...new Set([...changed, ...this.touched.keys()])].filter(
      (path) => isPlace(path) && !content.has(path),
    );
  }

  private changedOf({ base, now }: Followed): string[] {
    const { touched, ranWith = base } = this;
    return [...new Set([...ranWith.keys(), ...now.keys(), ...touched.keys()])]
      .filter((source) => !isPlace(source))
      .filter(
        (source) =>
          touched.has(source) || ranWith.get(source) !== now.get(source),
      );
  }
}

/** Files of the workspace have relative paths. */
function isPlace(path: string): boolean {
  return path.startsWith('/');
}
