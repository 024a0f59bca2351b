import { isSuccess } from '../cluster';
import { applyRequest, refusalOf } from './apply';
import { absent, ensureNamespaces, namespaceStates } from './desired';
import type { Wanted } from './survey';
import type { DeployOptions, DeploySystems } from './types';

export interface PreparedNamespaces {
  /** Those of the set's own objects that were made. */
  readonly made: ReadonlySet<string>;
  /** Those that were not there before, or were going: nothing is in them. */
  readonly fresh: ReadonlySet<string>;
}

/**
 * Sees to it that there are namespaces for all objects, and for the inventory.
 * Those that are objects of the set come with it, but for the inventory's own,
 * which is made here.
 * @throws SLIPWAY_E_NAMESPACE, and as Cluster.request
 */
export async function prepareNamespaces(
  { targets, namespaces, place }: Wanted,
  { createNamespace: create, timeout }: DeployOptions,
  systems: DeploySystems,
): Promise<PreparedNamespaces> {
  const { cluster } = systems;
  const own = targets.filter(({ groupKind }) => groupKind === 'Namespace');
  const inSet = new Set(own.map(({ name }) => name));
  const states = await namespaceStates(namespaces, systems);
  await ensureNamespaces(states, { inSet, create, timeout }, systems);
  const fresh = new Set(absent(states));
  const first = own.find(({ name }) => name === place.namespace);
  if (!fresh.has(place.namespace) || !first) return { made: new Set(), fresh };
  const request = applyRequest(first, { force: false });
  const answer = await cluster.request(request);
  if (isSuccess(answer)) return { made: new Set([first.name]), fresh };
  throw refusalOf(first, request, answer, cluster);
}
