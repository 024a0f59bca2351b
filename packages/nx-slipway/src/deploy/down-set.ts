import { podPlaces } from '../manifest';
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
import {
  listMembers,
  propagationOf,
  servedKinds,
  waitUntilGone,
  type Member,
} from './live';
import {
  annotatedToKeep,
  deleteMember,
  isApplied,
  memberReport,
} from './prune';
import type {
  DeploySystems,
  DownOptions,
  DownReport,
  ObjectReport,
  SetId,
} from './types';

/** What `down` does with a member. */
interface Fate {
  readonly member: Member;
  /** None: it is deleted. */
  readonly keptFor?: string;
}

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
    const fates = await fatesOf(store, options, systems);
    await deleteAll(fates, held, store, options, systems);
    const kept = fates.filter(({ keptFor }) => keptFor !== undefined);
    await held.assertHeld();
    isAllGone = kept.length === 0;
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

async function fatesOf(
  store: InventoryStore,
  options: DownOptions,
  { cluster, reporter }: DeploySystems,
): Promise<Fate[]> {
  const { place } = store;
  // Read anew: the set was somebody else's until a moment ago.
  const inventory = (await store.read()) ?? EMPTY;
  const { resources, gone } = await servedKinds(inventory, [], cluster);
  if (gone.length > 0) {
    reporter.info(
      `the cluster does not know ${gone.join(', ')} any more: what there was of it is gone`,
    );
  }
  const namespaces = [...new Set([place.namespace, ...inventory.namespaces])];
  const members = await listMembers(
    resources,
    namespaces,
    place.setId,
    cluster,
  );
  return members
    .filter(({ object }) => isApplied(object))
    .map((member) => {
      const keptFor = whyKept(member, options);
      return { member, ...(keptFor !== undefined && { keptFor }) };
    });
}

/** A StatefulSet goes: its claims, which hold the data, are not the set's. */
function whyKept(
  { groupKind, object }: Member,
  { deleteData, deleteNamespaces }: DownOptions,
): string | undefined {
  if (groupKind === 'Namespace') {
    return deleteNamespaces ? undefined : 'namespaces are kept';
  }
  if (deleteData) return undefined;
  const kinds: Record<string, string> = {
    PersistentVolumeClaim: 'it may hold data',
    PersistentVolume: 'it may hold data',
    'CustomResourceDefinition.apiextensions.k8s.io':
      'all objects of its kind would go, too',
  };
  return kinds[groupKind] ?? annotatedToKeep(object);
}

async function deleteAll(
  fates: readonly Fate[],
  held: HeldSet,
  { place }: InventoryStore,
  { timeout }: DownOptions,
  systems: DeploySystems,
): Promise<void> {
  const { setId } = place;
  const doomed = fates.filter(({ keptFor }) => keptFor === undefined);
  const ranks = inRanks(doomed, ({ member }) => rankOf(member.groupKind));
  for (const rank of ranks.reverse()) {
    const left = await inParallel(rank, async ({ member }) => {
      const propagation = propagationOf(member.groupKind);
      const how = { setId, held, propagation };
      const leaving = await deleteMember(member, how, systems);
      systems.onObject?.(memberReport(member, 'deleted'));
      return leaving;
    });
    const leaving = left.filter((member) => member !== undefined);
    const selector = labelSelector('part-of', setId);
    await waitUntilGone(leaving, { timeout, selector }, systems);
  }
}

function reportOf(fates: readonly Fate[]): DownReport {
  const doomed = fates.filter(({ keptFor }) => keptFor === undefined);
  const images = doomed.flatMap(({ member }) => {
    const { containers, volumes } = podPlaces(member.object);
    return [
      ...containers.map(({ container }) => container.image),
      ...volumes.map(({ reference }) => reference),
    ];
  });
  return {
    objects: fates.map(({ member, keptFor }): ObjectReport =>
      keptFor === undefined
        ? memberReport(member, 'deleted')
        : memberReport(member, 'kept', keptFor),
    ),
    images: [...new Set(images)].sort(),
  };
}
