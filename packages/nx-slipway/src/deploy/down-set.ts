import { podPlaces } from '../manifest';
import { fatesOf, isHome, keepHome, whyKept } from './down-fates';
import { inParallel } from './in-parallel';
import {
  InventoryStore,
  inventoryPlace,
  labelSelector,
  merged,
  EMPTY,
} from './inventory';
import { inRanks, rankOf } from './kind-order';
import { holdSet, type HeldSet } from './lease';
import { propagationOf, waitUntilGone } from './live';
import { deleteMember, fateOf, fateReport, isDoomed, type Fate } from './prune';
import type { DeploySystems, DownOptions, DownReport, SetId } from './types';

/**
 * Deletes what a set has in a cluster, by its inventory alone: users of things
 * before the things, each rank gone before the next is deleted.
 * @throws SLIPWAY_E_SET_BUSY, SLIPWAY_E_SET_CLAIMED, SLIPWAY_E_NOT_READY for
 *   what does not go, SLIPWAY_E_CANCELLED, and as Cluster.request
 */
export async function downSet(
  id: SetId,
  namespace: string,
  options: DownOptions,
  systems: DeploySystems,
): Promise<DownReport> {
  const place = inventoryPlace(id, namespace);
  const store = new InventoryStore(systems.cluster, place);
  if (!(await store.read())) {
    systems.reporter.info(`nothing of it is in ${namespace}`);
    return { objects: [], images: [] };
  }
  if (options.dryRun) {
    return reportOf(await fatesOf(store, options, systems));
  }
  const held = await holdSet(place, options, systems);
  let isAllGone = false;
  try {
    const planned = await fatesOf(store, options, systems);
    const fates = await deleteAll(planned, held, store, options, systems);
    const kept = fates.filter((fate) => !isDoomed(fate));
    isAllGone = kept.length === 0;
    // With its namespace the inventory has gone, and the Lease.
    if (fates.some((fate) => isDoomed(fate) && isHome(fate, namespace))) {
      return reportOf(fates);
    }
    await held.assertHeld();
    if (isAllGone) await store.remove();
    else {
      const left = kept.map(({ member }) => member);
      await store.write(
        merged(EMPTY, {
          groupKinds: left.map(({ groupKind }) => groupKind),
          namespaces: left.flatMap((each) => each.namespace ?? []),
          finishedJobs: {},
        }),
      );
    }
    return reportOf(fates);
  } finally {
    if (isAllGone) await held.remove();
    else await held.release();
  }
}

/** @returns the fates as they came to be */
async function deleteAll(
  fates: readonly Fate[],
  held: HeldSet,
  { place: { setId, namespace: home } }: InventoryStore,
  options: DownOptions,
  systems: DeploySystems,
): Promise<Fate[]> {
  const { timeout } = options;
  const after = new Map(fates.map((fate) => [fate.member.key, fate]));
  const remove = async (doomed: readonly Fate[]) => {
    const left = await inParallel(doomed, async ({ member }) => {
      const { leaving, keptFor } = await deleteMember(
        member,
        {
          ...{ setId, held, propagation: propagationOf(member.groupKind) },
          whyKept: (now) => whyKept(now, options),
        },
        systems,
      );
      const fate = fateOf(member, keptFor);
      after.set(member.key, fate);
      systems.onObject?.(fateReport(fate, 'deleted'));
      return leaving ?? [];
    });
    const selector = labelSelector('part-of', setId);
    await waitUntilGone(left.flat(), { timeout, selector }, systems);
  };
  const doomed = fates.filter(isDoomed);
  const others = doomed.filter((fate) => !isHome(fate, home));
  const ranks = inRanks(others, ({ member }) => rankOf(member.groupKind));
  for (const rank of ranks.reverse()) await remove(rank);
  // Last, since the Lease goes with it.
  for (const fate of keepHome([...after.values()], home)) {
    after.set(fate.member.key, fate);
    if (isHome(fate, home) && isDoomed(fate)) await remove([fate]);
  }
  return [...after.values()];
}

function reportOf(fates: readonly Fate[]): DownReport {
  const images = fates.filter(isDoomed).flatMap(({ member }) => {
    const { containers, volumes } = podPlaces(member.object);
    return [
      ...containers.map(({ container }) => container.image),
      ...volumes.map(({ reference }) => reference),
    ];
  });
  return {
    objects: fates.map((fate) => fateReport(fate, 'deleted')),
    images: [...new Set(images)].sort(),
  };
}
