import type { ContainerPlace } from '../types';
import { runKey } from './debts';
import type { Outcome } from './outcome';
import { placeInWords } from './pod';
import type { Held, NeedsBuild, Times } from './types';

/** Of all containers what became of each. @param looping one in a crash loop */
export function heldOf(
  outcomes: readonly Outcome[],
  looping?: ContainerPlace,
): Held {
  const needsBuild =
    unable(outcomes) ?? crashed(looping) ?? inconsistent(outcomes);
  return {
    containers: outcomes.filter(({ error }) => !error).length,
    files: Math.max(0, ...outcomes.map(({ files }) => files)),
    times: slowest(outcomes),
    failedRuns: outcomes.flatMap(({ place, failedRun }) =>
      failedRun ? [{ place, failed: failedRun }] : [],
    ),
    ...(needsBuild && { needsBuild }),
    isNothing: !needsBuild && outcomes.every(({ isNothing }) => isNothing),
  };
}

function slowest(outcomes: readonly Outcome[]): Times {
  return outcomes.reduce<Times>(
    (most, { times }) => (sumOf(times) > sumOf(most) ? times : most),
    { sync: 0 },
  );
}

function sumOf({ sync, run = 0, restart = 0 }: Times): number {
  return sync + run + restart;
}

function unable(outcomes: readonly Outcome[]): NeedsBuild | undefined {
  for (const { error, place } of outcomes) {
    if (error) return { why: error.message, error, place };
  }
  return undefined;
}

function crashed(place: ContainerPlace | undefined): NeedsBuild | undefined {
  return (
    place && { why: `${placeInWords(place)} is in CrashLoopBackOff`, place }
  );
}

/** A run that failed in one and not in another leaves them apart. */
function inconsistent(outcomes: readonly Outcome[]): NeedsBuild | undefined {
  for (const { place, turn, failedRun } of outcomes) {
    if (!failedRun) continue;
    const key = runKey(failedRun.run);
    const other = outcomes.find(
      (each) =>
        each.turn === turn && each.ran.some((run) => runKey(run) === key),
    );
    if (!other) continue;
    const { run, exitCode } = failedRun;
    return {
      why: `run "${run.written}" ended with exit code ${exitCode} in ${placeInWords(place)}, and well in ${placeInWords(other.place)}`,
      place,
    };
  }
  return undefined;
}
