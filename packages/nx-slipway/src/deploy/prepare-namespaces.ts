import { isSuccess } from '../cluster';
import { applyRequest, refusalOf } from './apply';
import { absent, ensureNamespaces, namespaceStates } from './desired';
import type { Wanted } from './survey';
import type { DeployOptions, DeploySystems } from './types';

/**
 * Sees to it that there are namespaces for all objects, and for the inventory.
 * Those that are objects of the set come with it, but for the inventory's own,
 * which is made here.
 * @returns which of the set's own were made
 * @throws SLIPWAY_E_NAMESPACE, and as Cluster.request
 */
export async function prepareNamespaces(
  { targets, namespaces, place }: Wanted,
  { createNamespace: create, timeout }: DeployOptions,
  systems: DeploySystems,
): Promise<ReadonlySet<string>> {
  const { cluster } = systems;
  const own = targets.filter(({ groupKind }) => groupKind === 'Namespace');
  const inSet = new Set(own.map(({ name }) => name));
  const states = await namespaceStates(namespaces, systems);
  await ensureNamespaces(states, { inSet, create, timeout }, systems);
  const isAbsent = absent(states).includes(place.namespace);
  const first = own.find(({ name }) => name === place.namespace);
  if (!isAbsent || !first) return new Set();
  const request = applyRequest(first, { force: false });
  const answer = await cluster.request(request);
  if (isSuccess(answer)) return new Set([first.name]);
  throw refusalOf(first, request, answer, cluster);
}
