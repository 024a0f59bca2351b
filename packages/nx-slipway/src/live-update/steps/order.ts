import { invalid } from './invalid';
import type { StepKind } from './step';

/** fallBackOn and initialSync may change places. */
const RANKS: Readonly<Record<StepKind, number>> = {
  fallBackOn: 0,
  initialSync: 0,
  sync: 1,
  run: 2,
  restart: 3,
};

const ONCE: readonly StepKind[] = ['initialSync', 'restart'];

/**
 * What is done is done in this order, so it is written in it: rules, syncs, runs,
 * the restart.
 * @param kinds of the steps
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function assertOrder(kinds: readonly StepKind[]): void {
  for (const [index, kind] of kinds.entries()) {
    const before = kinds.slice(0, index);
    const same = before.indexOf(kind);
    if (same >= 0 && ONCE.includes(kind)) {
      throw invalid(
        `steps ${same + 1} and ${index + 1} of liveUpdate are both ${kind}`,
        `Once is enough: take one of them out.`,
      );
    }
    const late = before.findIndex((one) => RANKS[one] > RANKS[kind]);
    const other = kinds[late];
    if (other === undefined) continue;
    throw invalid(
      `step ${index + 1} of liveUpdate, ${kind}, comes after step ${late + 1}, ${other}`,
      `Move it before step ${late + 1}: first fallBackOn and initialSync, then every sync, then every run, and restart at the end.`,
    );
  }
  if (kinds.includes('sync') || kinds.includes('run')) return;
  throw invalid(
    'liveUpdate has neither a sync nor a run',
    'Add what is to happen in the container: { "sync": { "from": "src", "to": "/app/src" } }. To have none, take the option out.',
  );
}
