import {
  applyAll,
  finishedJobs,
  hasFinished,
  isToRunAgain,
  reportOf,
  type ApplyContext,
  type Outcome,
} from './apply';
import type { Target } from './desired';
import { InventoryStore, merged, EMPTY, type Inventory } from './inventory';
import { assertUnclaimed, type LiveObject } from './live';
import { fateReport, isDoomed, planPrune, prune, type Fate } from './prune';
import { survey, type Survey, type Wanted } from './survey';
import type { ObjectReport } from './types';

/** What one pass over a whole set is to do beside applying it. */
export interface Pass {
  readonly wanted: Wanted;
  /** Namespaces that were made before all else. */
  readonly made: ReadonlySet<string>;
  /**
   * What is neither sent nor pruned, by key: whatever is there stays. Default:
   * nothing.
   * @param live what is there, by key
   */
  readonly leave?: (
    live: ReadonlyMap<string, LiveObject>,
  ) => ReadonlySet<string>;
  /** Before anything is sent, so that nothing is missed. */
  readonly follow?: (
    sent: readonly Target[],
    live: ReadonlyMap<string, LiveObject>,
  ) => Promise<void>;
  /** Told of each object as soon as the server has it. */
  readonly onApplied?: (object: LiveObject, target: Target) => void;
  /** When all is applied: what else is done to it. */
  readonly renew?: (
    outcomes: readonly Outcome[],
    context: ApplyContext,
  ) => Promise<readonly Outcome[]>;
  /** When all that is done, and before anything is pruned. */
  readonly settle?: () => Promise<void>;
}

/**
 * Looks at all that is there of a set that is held, applies what it wants, and
 * prunes what it had before.
 * @returns what was done, as the manifests have it
 * @throws SLIPWAY_E_SET_BUSY, SLIPWAY_E_SET_CLAIMED, SLIPWAY_E_FIELD_CONFLICT,
 *   SLIPWAY_E_IMMUTABLE, SLIPWAY_E_APPLY, SLIPWAY_E_NOT_READY,
 *   SLIPWAY_E_CANCELLED, and as Cluster.request
 */
export async function passOver(
  { wanted, made, leave, follow, onApplied, renew, settle }: Pass,
  { systems: told, ...rest }: ApplyContext,
): Promise<ObjectReport[]> {
  const systems = {
    ...told,
    onObject: (report: ObjectReport) => told.onObject?.(asMade(report, made)),
  };
  const context = { ...rest, systems };
  const { options, held } = rest;
  const { place, targets } = wanted;
  const { cluster } = systems;
  const store = new InventoryStore(cluster, place);
  const inventory = await store.read();
  const found = await survey(wanted, inventory, systems);
  const left = leave?.(found.live) ?? new Set();
  const due = targets.filter(({ key }) => !left.has(key));
  await assertUnclaimed(due, found.live, place, cluster);
  await held.assertHeld();
  // Before anything is there that it does not know of.
  await store.write(merged(inventory ?? EMPTY, found.wanted));
  const gone = due.filter(
    (target) =>
      !found.live.has(target.key) &&
      !isToRunAgain(target, options) &&
      hasFinished(target, inventory ?? EMPTY),
  );
  const sent = due.filter((target) => !gone.includes(target));
  await follow?.(sent, found.live);
  const sentNow = await applyAll(
    {
      ...{ targets: sent, later: wanted.later, place },
      live: found.live,
      onApplied: (object, target) => onApplied?.(object, target),
    },
    context,
  );
  const outcomes = (await renew?.(sentNow, context)) ?? sentNow;
  await settle?.();
  const kept = targets.filter(({ key }) => left.has(key));
  const applied = [...outcomes.map(({ target }) => target), ...gone];
  const pruned = options.prune
    ? await prune(
        planPrune(found.members, keysOf([...applied, ...kept]), options),
        { pruneData: options.pruneData, setId: place.setId, held },
        systems,
      )
    : [];
  const objects = [
    ...inOrder(targets, gone, outcomes),
    ...pruned.map((fate) => fateReport(fate, 'pruned')),
  ];
  await held.assertHeld();
  await store.write(inventoryAfter({ applied, kept, pruned }, found));
  return objects.map((each) => asMade(each, made));
}

function keysOf(targets: readonly Target[]): Set<string> {
  return new Set(targets.map(({ key }) => key));
}

interface After {
  readonly applied: readonly Target[];
  /** Not looked at: what was known of them is so still. */
  readonly kept: readonly Target[];
  readonly pruned: readonly Fate[];
}

/** What the set has when all is done: what it wants, and what was not pruned. */
function inventoryAfter(
  { applied, kept, pruned }: After,
  { members, unseen, wanted }: Survey,
): Inventory {
  const taken = new Set(
    pruned.filter(isDoomed).map(({ member }) => member.key),
  );
  const left = members.filter(({ key }) => !taken.has(key));
  const all = [...applied, ...kept, ...left];
  return merged(unseen, {
    groupKinds: all.map(({ groupKind }) => groupKind),
    namespaces: all.flatMap(({ namespace }) => namespace ?? []),
    finishedJobs: finishedJobs(applied, kept, wanted),
  });
}

/** As the manifests have them, whatever was applied first. */
function inOrder(
  targets: readonly Target[],
  gone: readonly Target[],
  outcomes: readonly Outcome[],
): ObjectReport[] {
  const byKey = new Map(outcomes.map((each) => [each.target.key, each.report]));
  const reason = 'it has run, and its ttl has taken it away';
  for (const target of gone) {
    byKey.set(target.key, reportOf(target, 'finished', { reason }));
  }
  const first = targets.flatMap(({ key }) => byKey.get(key) ?? []);
  for (const { key } of targets) byKey.delete(key);
  return [...first, ...byKey.values()];
}

/** A namespace that was made before all else is not unchanged. */
function asMade(report: ObjectReport, made: ReadonlySet<string>): ObjectReport {
  const { kind, apiVersion, name } = report;
  return kind === 'Namespace' && apiVersion === 'v1' && made.has(name)
    ? { ...report, action: 'created' }
    : report;
}
