import { isApiAway, type ApiResource, type Cluster } from '../../cluster';
import type { SlipwayError } from '../../report';
import { inParallel } from '../in-parallel';
import type { Inventory } from '../inventory';
import { groupKindOf, type ObjectName } from '../object-name';

interface ApiGroup {
  readonly preferredVersion?: { readonly groupVersion: string };
  readonly versions?: readonly { readonly groupVersion: string }[];
}

/** A kind whose objects nobody can see now: the server of its API is away. */
export interface AwayKind {
  /** `Widget.acme.dev` */
  readonly groupKind: string;
  /** `v1.acme.dev` */
  readonly apiService: string;
  readonly error: SlipwayError;
}

export interface ServedKinds {
  readonly resources: readonly ApiResource[];
  /** `Widget.acme.dev`, which the cluster knows no more. */
  readonly gone: readonly string[];
  readonly away: readonly AwayKind[];
}

/**
 * How the API calls the kinds of an inventory, which tells no versions.
 * @param known those that need not be asked for
 * @throws as Cluster.request
 */
export async function servedKinds(
  { groupKinds }: Inventory,
  known: readonly ApiResource[],
  cluster: Cluster,
): Promise<ServedKinds> {
  const byKind = new Map(known.map((each) => [groupKindOf(each), each]));
  const gone: string[] = [];
  const away: AwayKind[] = [];
  await inParallel(
    groupKinds.filter((groupKind) => !byKind.has(groupKind)),
    async (groupKind) => {
      const found = await findKind(groupKind, cluster);
      if (!found) gone.push(groupKind);
      else if ('error' in found) away.push(found);
      else byKind.set(groupKind, found);
    },
  );
  return { resources: [...byKind.values()], gone, away };
}

/**
 * Of a set that brings the API itself, or takes it away, no server is waited for.
 * @param services the APIServices of the set
 * @throws SLIPWAY_E_API_AWAY for any other
 */
export function assertOwn(
  away: readonly AwayKind[],
  services: readonly Pick<ObjectName, 'name'>[],
): void {
  const own = new Set(services.map(({ name }) => name));
  const foreign = away.find(({ apiService }) => !own.has(apiService));
  if (foreign) throw foreign.error;
}

async function findKind(
  groupKind: string,
  cluster: Cluster,
): Promise<ApiResource | AwayKind | undefined> {
  const [kind = '', ...rest] = groupKind.split('.');
  const group = rest.join('.');
  let away: AwayKind | undefined;
  for (const apiVersion of await versionsOf(group, cluster)) {
    try {
      const resource = await cluster.resource(apiVersion, kind);
      if (resource) return resource;
    } catch (error) {
      if (!isApiAway(error)) throw error;
      const apiService = apiVersion.split('/').reverse().join('.');
      away = { groupKind, apiService, error };
    }
  }
  return away;
}

/** The preferred one first. */
async function versionsOf(group: string, cluster: Cluster): Promise<string[]> {
  if (group === '') return ['v1'];
  const path = `/apis/${encodeURIComponent(group)}`;
  const found = await cluster.get<ApiGroup>(path);
  const all = (found?.versions ?? []).map((each) => each.groupVersion);
  const preferred = found?.preferredVersion?.groupVersion;
  return preferred ? [preferred, ...all.filter((v) => v !== preferred)] : all;
}
