import {
  applyAll,
  finishedJobs,
  hasFinished,
  isToRunAgain,
  reportOf,
  type ApplyContext,
  type Outcome,
} from './apply';
import { assertKnown, type Target } from './desired';
import { prepareNamespaces } from './prepare-namespaces';
import { InventoryStore, merged, EMPTY, type Inventory } from './inventory';
import { holdSet } from './lease';
import { assertUnclaimed, type Member } from './live';
import { fateReport, isDoomed, planPrune, prune, type Fate } from './prune';
import { openReadiness } from './readiness';
import { survey, want, type Survey, type Wanted } from './survey';
import type {
  DeployOptions,
  DeployReport,
  DeploySet,
  DeploySystems,
  ObjectReport,
} from './types';

/**
 * Applies a manifest set, waits until it is ready, prunes what it had before
 * (design 2.6). Nobody else works on the set meanwhile.
 * @throws SLIPWAY_E_MANIFEST, SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_KIND_UNKNOWN,
 *   SLIPWAY_E_NAMESPACE, SLIPWAY_E_SET_BUSY, SLIPWAY_E_SET_CLAIMED,
 *   SLIPWAY_E_FIELD_CONFLICT, SLIPWAY_E_IMMUTABLE, SLIPWAY_E_APPLY,
 *   SLIPWAY_E_NOT_READY, SLIPWAY_E_CANCELLED, and as Cluster.request
 */
export async function deploySet(
  set: DeploySet,
  options: DeployOptions,
  systems: DeploySystems,
): Promise<DeployReport> {
  const { cluster, onObject } = systems;
  const wanted = await want(set, options, systems);
  assertKnown(wanted.unknown, cluster);
  const made = await prepareNamespaces(wanted, options, systems);
  const held = await holdSet(wanted.place, options, systems);
  try {
    const isLocal = options.isLocal ?? cluster.isLocal;
    const told = {
      ...systems,
      onObject: (report: ObjectReport) => onObject?.(asMade(report, made)),
    };
    const context = { options, systems: told, held, isLocal };
    const { objects, ready } = await deployHeld(wanted, context);
    return { objects: objects.map((each) => asMade(each, made)), ready };
  } finally {
    await held.release();
  }
}

async function deployHeld(
  wanted: Wanted,
  context: ApplyContext,
): Promise<DeployReport> {
  const { options, systems, held } = context;
  const { place, targets, later } = wanted;
  const { cluster } = systems;
  const store = new InventoryStore(cluster, place);
  const inventory = await store.read();
  const found = await survey(wanted, inventory, systems);
  await assertUnclaimed(targets, found.live, place, cluster);
  await held.assertHeld();
  // Before anything is there that it does not know of.
  await store.write(merged(inventory ?? EMPTY, found.wanted));
  const gone = targets.filter(
    (target) =>
      !found.live.has(target.key) &&
      !isToRunAgain(target, options) &&
      hasFinished(target, inventory ?? EMPTY),
  );
  const sent = targets.filter((target) => !gone.includes(target));
  const readiness = options.wait
    ? await openReadiness(
        sent.map(({ object }) => object),
        systems,
      )
    : undefined;
  try {
    const { live } = found;
    const onApplied = (object: Outcome['object']) =>
      object && readiness?.expect(object);
    const outcomes = await applyAll(
      { targets: sent, later, live, place, onApplied },
      context,
    );
    const ready = await readiness?.wait(options.timeout);
    const now = [...outcomes.map(({ target }) => target), ...gone];
    const pruned = await prune(
      planned(now, found.members, options),
      { pruneData: options.pruneData, setId: place.setId, held },
      systems,
    );
    const objects = [
      ...inOrder(targets, gone, outcomes),
      ...pruned.map((fate) => fateReport(fate, 'pruned')),
    ];
    await held.assertHeld();
    await store.write(inventoryAfter(now, pruned, found));
    return { objects, ready: ready?.objects ?? [] };
  } finally {
    readiness?.close();
  }
}

/** What is to be pruned, and what is to be told of as kept. */
function planned(
  targets: readonly Target[],
  members: readonly Member[],
  options: DeployOptions,
): Fate[] {
  if (!options.prune) return [];
  const desired = new Set(targets.map(({ key }) => key));
  return planPrune(members, desired, options);
}

/** What the set has when all is done: what it wants, and what was not pruned. */
function inventoryAfter(
  targets: readonly Target[],
  pruned: readonly Fate[],
  { members, unseen }: Survey,
): Inventory {
  const taken = new Set(
    pruned.filter(isDoomed).map(({ member }) => member.key),
  );
  const left = members.filter(({ key }) => !taken.has(key));
  const all = [...targets, ...left];
  return merged(unseen, {
    groupKinds: all.map(({ groupKind }) => groupKind),
    namespaces: all.flatMap(({ namespace }) => namespace ?? []),
    finishedJobs: finishedJobs(targets),
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
