import {
  assertNoTwins,
  assertOptionsFit,
  isApiService,
  resolveObjects,
  type Desired,
} from './desired';
import {
  EMPTY,
  inventoryPlace,
  type Inventory,
  type InventoryPlace,
} from './inventory';
import {
  assertOwn,
  findLive,
  listMembers,
  servedKinds,
  type LiveObject,
  type Member,
} from './live';
import { groupKindOfObject } from './object-name';
import { SlipwayError } from '../report';
import type { DeployOptions, DeploySet, DeploySystems } from './types';

/** What a set wants. */
export interface Wanted extends Desired {
  readonly place: InventoryPlace;
  /** All that the set has to do with, the inventory's first. */
  readonly namespaces: readonly string[];
}

/** What is there of it. */
export interface Survey {
  readonly members: readonly Member[];
  /** Of what is desired, by key. */
  readonly live: ReadonlyMap<string, LiveObject>;
  /** What the inventory is while this deploy lasts: the old and the new. */
  readonly wanted: Inventory;
  /** What may be there of kinds whose server is away: the inventory keeps it. */
  readonly unseen: Inventory;
}

/**
 * @throws SLIPWAY_E_MANIFEST, SLIPWAY_E_OPTION_INVALID, and as Cluster.request
 */
export async function want(
  { id, namespace, objects }: DeploySet,
  options: DeployOptions,
  { cluster }: DeploySystems,
): Promise<Wanted> {
  if (objects.length === 0) {
    throw new SlipwayError({
      code: 'SLIPWAY_E_MANIFEST',
      message: 'the manifests hold no object at all.',
      hint: 'All that was deployed before would be deleted. If you mean it, the target `down` does it.',
    });
  }
  const place = inventoryPlace(id, namespace);
  const desired = await resolveObjects(objects, place, cluster);
  assertNoTwins(desired.targets);
  if (desired.later.length + desired.unknown.length === 0) {
    assertOptionsFit(desired.targets, options);
  }
  const named = desired.targets.flatMap((target) => target.namespace ?? []);
  const coming = desired.later.flatMap(({ manifest, coming }) =>
    coming.namespaced === false
      ? []
      : [manifest.object.metadata.namespace ?? namespace],
  );
  const namespaces = [...new Set([namespace, ...named, ...coming])];
  return { ...desired, place, namespaces };
}

/**
 * Looks at what is there: the members of the set, by one list for each kind and
 * namespace, and what is desired and not among them.
 * @throws SLIPWAY_E_API_AWAY, and as Cluster.request
 */
export async function survey(
  { targets, later, place, namespaces }: Wanted,
  inventory: Inventory | undefined,
  { cluster, reporter }: DeploySystems,
): Promise<Survey> {
  const groupKinds = [
    ...targets.map(({ groupKind }) => groupKind),
    ...later.map(({ manifest }) => groupKindOfObject(manifest.object)),
  ];
  const { resources, away } = await servedKinds(
    inventory ?? EMPTY,
    targets.map(({ resource }) => resource),
    cluster,
  );
  const services = targets.filter(({ object }) => isApiService(object));
  assertOwn(away, services);
  const unseen = away.map(({ groupKind }) => groupKind);
  if (unseen.length > 0) {
    reporter.info(
      `nothing answers for ${unseen.join(', ')} yet: what is to be pruned of that is left to a later deploy`,
    );
  }
  const all = [...new Set([...namespaces, ...(inventory?.namespaces ?? [])])];
  const members = await listMembers(resources, all, place.setId, cluster);
  return {
    members,
    live: await findLive(targets, members, cluster),
    wanted: {
      groupKinds: [...new Set(groupKinds)],
      namespaces,
      finishedJobs: inventory?.finishedJobs ?? {},
    },
    unseen: {
      ...EMPTY,
      groupKinds: unseen,
      namespaces: unseen.length > 0 ? all : [],
    },
  };
}
