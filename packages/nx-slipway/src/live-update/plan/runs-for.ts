import type { LiveUpdate, Run } from '../types';
import { matches } from './mapping';

/**
 * The runs that are due after files have changed, in their order. One without
 * trigger is due each time.
 * @param sources paths relative to the workspace root
 */
export function runsFor(
  { runs }: Pick<LiveUpdate, 'runs'>,
  sources: ReadonlySet<string>,
): Run[] {
  if (sources.size === 0) return [];
  return runs.filter(
    ({ trigger }) =>
      !trigger ||
      [...sources].some((source) =>
        trigger.some((rule) => matches(rule, source)),
      ),
  );
}
