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
import { annotatedToKeep, isApplied } from './prune';
import type { DeploySystems, DownOptions } from './types';

/** What `down` does with a member. */
export interface Fate {
  readonly member: Member;
  /** None: it is deleted. */
  readonly keptFor?: string;
}

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

export function fateOf(member: Member, keptFor: string | undefined): Fate {
  return { member, ...(keptFor !== undefined && { keptFor }) };
}

export function isDoomed({ keptFor }: Fate): boolean {
  return keptFor === undefined;
}

/** A StatefulSet goes: its claims, which hold the data, are not the set's. */
export function whyKept(
  { groupKind, object }: Member,
  { deleteData, deleteNamespaces }: DownOptions,
): string | undefined {
  if (groupKind === 'Namespace' && !deleteNamespaces) {
    return 'namespaces are kept';
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
