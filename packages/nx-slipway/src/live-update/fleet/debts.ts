import { runsFor } from '../plan';
import type { LiveUpdate, Run } from '../types';

interface Debt {
  readonly sources: ReadonlySet<string>;
  /** Of the runs that have completed since. */
  readonly done: ReadonlySet<string>;
}

/** A run is the same while it does the same. */
export function runKey({ argv }: Run): string {
  return JSON.stringify(argv);
}

/**
 * The runs that a container is owed: of files that have changed in it, until they
 * have completed there.
 */
export class Debts {
  private debts: readonly Debt[] = [];

  owe(sources: ReadonlySet<string>): void {
    this.debts = this.withMore(sources);
  }

  /** In their order. @param sources that will be owed as well */
  due(liveUpdate: LiveUpdate, sources: ReadonlySet<string>): Run[] {
    const owed = new Set(
      this.withMore(sources).flatMap((debt) =>
        runsFor(liveUpdate, debt.sources).filter(
          (run) => !debt.done.has(runKey(run)),
        ),
      ),
    );
    return liveUpdate.runs.filter((run) => owed.has(run));
  }

  /** These have completed, and the others did not. */
  completed(runs: readonly Run[]): void {
    const keys = runs.map(runKey);
    this.debts = merged(
      this.debts.map(({ sources, done }) => ({
        sources,
        done: new Set([...done, ...keys]),
      })),
    );
  }

  clear(): void {
    this.debts = [];
  }

  private withMore(sources: ReadonlySet<string>): readonly Debt[] {
    if (sources.size === 0) return this.debts;
    return merged([...this.debts, { sources, done: new Set() }]);
  }
}

/** Those that the same runs have completed for are one. */
function merged(debts: readonly Debt[]): Debt[] {
  const byDone = new Map<string, Debt>();
  for (const { sources, done } of debts) {
    const key = JSON.stringify([...done].sort());
    const same = byDone.get(key)?.sources ?? [];
    byDone.set(key, { sources: new Set([...same, ...sources]), done });
  }
  return [...byDone.values()];
}
