import { isApiService } from './desired';
import { inParallel } from './in-parallel';
import { EMPTY, type InventoryStore } from './inventory';
import {
  assertOwn,
  listMembers,
  servedKinds,
  type LiveObject,
  type Member,
} from './live';
import { inWords } from './object-name';
import {
  annotatedToKeep,
  fateOf,
  guardOf,
  isApplied,
  isDoomed,
  type Fate,
} from './prune';
import type { DeploySystems, DownOptions } from './types';

/**
 * What is to come of all that a set has.
 * @throws SLIPWAY_E_API_AWAY, and as Cluster.request
 */
export async function fatesOf(
  store: InventoryStore,
  options: DownOptions,
  { cluster, reporter }: DeploySystems,
): Promise<Fate[]> {
  const { place } = store;
  // Read anew: the set was somebody else's until a moment ago.
  const inventory = (await store.read()) ?? EMPTY;
  const { resources, gone, away } = await servedKinds(inventory, [], cluster);
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
  assertOwn(
    away,
    members.filter(({ object }) => isApiService(object)),
  );
  if (away.length > 0) {
    const kinds = away.map(({ groupKind }) => groupKind).join(', ');
    reporter.warn(
      `nothing answers for ${kinds}: what its server keeps of that is left there`,
    );
  }
  const fates = members
    .filter(({ object }) => isApplied(object))
    .map((member) => fateOf(member, whyKept(member, options)));
  if (options.deleteData) return fates;
  const kept = await inParallel(fates, (fate) => holding(fate, fates, cluster));
  return keepHome(kept, place.namespace);
}

/**
 * What prune keeps, and `down` does not: claims hold the data of a StatefulSet,
 * and are not the set's; what keeps a namespace is looked at by `holding`.
 */
const NOT_KEPT = ['Namespace', 'StatefulSet.apps'];

export function whyKept(
  member: Member,
  { deleteData, deleteNamespaces }: DownOptions,
): string | undefined {
  const { groupKind, object } = member;
  if (groupKind === 'Namespace' && !deleteNamespaces) {
    return 'namespaces are kept';
  }
  if (deleteData) return undefined;
  return NOT_KEPT.includes(groupKind)
    ? annotatedToKeep(object)
    : guardOf(member);
}

/** A namespace takes along what is in it, whatever is to be kept of that. */
async function holding(
  fate: Fate,
  all: readonly Fate[],
  cluster: DeploySystems['cluster'],
): Promise<Fate> {
  const { groupKind, name } = fate.member;
  if (groupKind !== 'Namespace' || !isDoomed(fate)) return fate;
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}/persistentvolumeclaims`;
  const list = await cluster.getIfPermitted<{ items?: LiveObject[] }>(path);
  // Those of a StatefulSet, too, which are of no set.
  const claims = (list?.items ?? []).map(({ metadata }) => metadata.name);
  if (claims.length > 0) {
    const reason = `volume claims in it may hold data: ${claims.join(', ')}`;
    return fateOf(fate.member, reason);
  }
  const kept = all.find(
    (each) => each.member.namespace === name && !isDoomed(each),
  );
  return kept
    ? fateOf(fate.member, `${inWords(kept.member)} is in it, and is kept`)
    : fate;
}

/** The inventory must not go while there is something to be found by it. */
export function keepHome(fates: readonly Fate[], home: string): Fate[] {
  const isKept = fates.some((fate) => !isDoomed(fate));
  const reason = 'the inventory of what is kept is in it';
  return fates.map((fate) =>
    isKept && isDoomed(fate) && isHome(fate, home)
      ? fateOf(fate.member, reason)
      : fate,
  );
}

/** Whether it is the namespace that the inventory stands in, and the Lease. */
export function isHome({ member }: Fate, home: string): boolean {
  return member.groupKind === 'Namespace' && member.name === home;
}
